import assert from "node:assert/strict";
import { hostileResult, longResult, sampleResult } from "../testdata/sample.ts";
import { missing } from "../testdata/tool.ts";
import { Browser } from "./testdata/browser.ts";
import { caseAddress } from "./address.ts";
import { renderHtml } from "./page.tsx";

const chromium = missing("chromium");

/** Opens a page and waits for its cases. */
async function open(browser: Browser, html: string): Promise<void> {
  await browser.open(html);
  await browser.ready();
}

/** How many cases the table shows by its own words. */
function shown(browser: Browser): Promise<unknown> {
  return browser.evaluate("document.getElementById('shown').textContent");
}

/** Waits until an expression in the page is true. */
async function until(browser: Browser, expression: string): Promise<void> {
  await browser.evaluate(`new Promise((done) => {
    const see = () => (${expression}) ? done(true) : requestAnimationFrame(see);
    see();
  })`);
}

/** Types into the search box. */
function search(browser: Browser, text: string): Promise<unknown> {
  return browser.evaluate(`(() => {
    const box = document.getElementById("find");
    box.value = ${JSON.stringify(text)};
    box.dispatchEvent(new Event("input"));
  })()`);
}

Deno.test({
  name: "report.html in Chromium: no error, the filter works, a chart opens, a target's markup stays text",
  ignore: chromium,
  fn: async (test) => {
    await using browser = await Browser.start();

    await test.step("the page loads without an error and shows all cases", async () => {
      await open(browser, renderHtml(sampleResult()));
      assert.equal(await browser.evaluate("document.querySelectorAll('tr.case').length"), 18);
      assert.equal(await shown(browser), "18 shown");
      assert.match(String(await browser.evaluate("document.querySelector('h1').textContent")), /^3 failures/);
    });

    await test.step("text in the search box leaves the cases that match", async () => {
      await search(browser, "qos2 3.1.1");
      assert.equal(await browser.evaluate("document.querySelectorAll('tr.case').length"), 1);
      assert.equal(await browser.evaluate("document.getElementById('shown').textContent"), "1 of 18 shown");
      // By a clause, which no cell of the row shows.
      await search(browser, "mqtt-4.7.2-1");
      assert.equal(await browser.evaluate("document.querySelectorAll('tr.case').length"), 8);
    });

    await test.step("a verdict's button leaves the cases of that verdict", async () => {
      await search(browser, "");
      await browser.evaluate(`document.querySelector("button[data-verdict=expected-fail]").click();`);
      assert.equal(await browser.evaluate("document.querySelectorAll('tr.case').length"), 2);
      await browser.evaluate('document.querySelector("button[data-verdict=expected-fail]").click()');
    });

    await test.step("sorting by time puts the slowest first, and by case brings the suites back", async () => {
      await browser.evaluate('document.querySelector("button[data-sort=time]").click()');
      assert.match(
        String(await browser.evaluate("document.querySelector('tr.case .time').textContent")),
        /^5\.0 s/,
      );
      assert.equal(await browser.evaluate("document.querySelectorAll('tr.suite').length"), 0);
      await browser.evaluate('document.querySelector("button[data-sort=case]").click()');
      assert.equal(await browser.evaluate("document.querySelectorAll('tr.suite').length"), 7);
    });

    await test.step("a click on a case opens its sequence chart, a click on an arrow its bytes", async () => {
      const row =
        `[...document.querySelectorAll("tr.case")].find((row) => /qos2-handshake/.test(row.textContent))`;
      await browser.evaluate(`${row}.querySelector("a").click()`);
      await until(browser, "document.querySelector('tr.detail') !== null");
      const lanes =
        `[...document.querySelectorAll("tr.detail .lane")].map((lane) => lane.textContent).join()`;
      assert.equal(await browser.evaluate(lanes), "dte,target,broker");
      assert.equal(await browser.evaluate("document.querySelectorAll('tr.detail .entry').length"), 7);
      const bytes = "document.querySelector('tr.detail .more:not([hidden]) .hex')?.textContent ?? ''";
      assert.equal(await browser.evaluate(bytes), "");
      await browser.evaluate("document.querySelectorAll('tr.detail .entry button')[1].click()");
      assert.equal(await browser.evaluate(bytes), "0d 0a 4f 4b 0d 0a");
      await browser.evaluate(`${row}.querySelector("a").click()`);
      assert.equal(await browser.evaluate("document.querySelectorAll('tr.detail').length"), 0);
    });

    await test.step("the address of a case opens it, also when a filter hides it", async () => {
      await search(browser, "no such case");
      assert.equal(await browser.evaluate("document.getElementById('none').hidden"), false);
      const address = caseAddress({
        id: "mqtt/qos2/delivered-once",
        target: "reference",
        protocol: "3.1.1",
        iteration: undefined,
      });
      await browser.evaluate(`location.hash = ${JSON.stringify(address)}`);
      await until(browser, "document.querySelector('tr.is-open + tr.detail') !== null");
      assert.match(
        String(await browser.evaluate("document.querySelector('tr.is-open').textContent")),
        /mqtt\/qos2\/delivered-once/,
      );
    });

    await test.step("the suites open to their cases, and to those that differ alone", async () => {
      const rows = "document.querySelectorAll('.suites tbody tr:not([hidden])').length";
      assert.equal(await browser.evaluate(rows), 7);
      await browser.evaluate("document.querySelector('.suites .fold').click()");
      assert.ok(Number(await browser.evaluate(rows)) > 7);
      await browser.evaluate("document.getElementById('differences').click()");
      const names =
        "[...document.querySelectorAll('.suites tbody tr:not([hidden]) th')].map((cell) => cell.textContent)";
      assert.deepEqual(await browser.evaluate(names), [
        "mqtt/connect",
        "first-packet",
        "mqtt/qos2",
        "delivered-once",
      ]);
      await browser.evaluate("document.getElementById('differences').click()");
    });

    await test.step("arrow keys move inside a chart, which is one stop of the tab key", async () => {
      const focused =
        "[...document.querySelectorAll('tr.detail .entry button:not(:disabled)')].indexOf(document.activeElement)";
      await browser.evaluate("document.querySelector('tr.detail .entry button:not(:disabled)').focus()");
      for (const [key, at] of [["ArrowDown", 1], ["End", 11], ["ArrowUp", 10], ["Home", 0]] as const) {
        await browser.evaluate(
          `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "${key}", bubbles: true }))`,
        );
        assert.equal(await browser.evaluate(focused), at, key);
      }
      assert.equal(
        await browser.evaluate("document.querySelectorAll('tr.detail .entry [tabindex=\"0\"]').length"),
        1,
      );
    });

    await test.step("a case is copied as a command, as bytes and as a bug report", async () => {
      await browser.evaluate(
        `navigator.clipboard.writeText = (text) => { globalThis.copied = text; return Promise.resolve(); };`,
      );
      const copy = async (name: string) => {
        await browser.evaluate(
          `[...document.querySelectorAll("tr.detail .copy")].find((one) => one.textContent === ${
            JSON.stringify(name)
          }).click()`,
        );
        return String(await browser.evaluate("globalThis.copied"));
      };
      assert.match(
        await copy("Copy the command"),
        /^deno task conform mqtt\/qos2\/delivered-once --target reference/,
      );
      assert.match(await copy("Copy the bytes"), /^\w+ -> 10[0-9a-f]+$/m);
    });

    await test.step("a window of 390 px needs no scrolling sideways", async () => {
      await browser.resize(390, 844);
      const width = await browser.evaluate("document.documentElement.scrollWidth");
      assert.ok(Number(width) <= 390, `the page is ${width} px wide`);
      await browser.resize(1280, 900);
    });

    await test.step("what a target sent stays text, in the page, the table and every chart", async () => {
      const image = "<img src=x onerror=document.title='run'>";
      await open(
        browser,
        renderHtml(hostileResult(`${image}</script><script>document.title='run'</script>`)),
      );
      await browser.evaluate("document.querySelectorAll('tr.case a').forEach((link) => link.click())");
      await until(browser, "document.querySelectorAll('tr.detail').length === 1");
      await browser.evaluate(
        "document.querySelectorAll('.entry button').forEach((button) => button.click())",
      );
      assert.equal(await browser.evaluate("document.querySelectorAll('img').length"), 0);
      assert.equal(await browser.evaluate("document.querySelectorAll('script').length"), 3);
      assert.notEqual(await browser.evaluate("document.title"), "run");
      assert.match(
        String(await browser.evaluate("document.querySelector('tr.detail .label').textContent")),
        /^<img src=x/,
      );
    });

    await test.step("a run of 30,000 cases holds few rows, filters and opens", async () => {
      await open(browser, renderHtml(longResult(30_000)));
      assert.equal(await shown(browser), "30000 shown");
      await search(browser, "chapter-7");
      assert.equal(await shown(browser), "1500 of 30000 shown");
      assert.ok(Number(await browser.evaluate("document.querySelectorAll('tr.case').length")) < 400);
      await search(browser, "chapter-7 case-1207");
      await browser.evaluate(`document.querySelector("tr.case a").click();`);
      await until(browser, "document.querySelector('tr.detail .entry') !== null");
      assert.equal(await browser.evaluate("document.querySelectorAll('tr.detail .entry').length"), 12);
    });

    assert.deepEqual(browser.errors, []);
  },
});
