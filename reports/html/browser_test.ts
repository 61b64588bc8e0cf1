import assert from "node:assert/strict";
import { hostileResult, longResult, sampleResult } from "../testdata/sample.ts";
import { missing } from "../testdata/tool.ts";
import { Browser } from "./testdata/browser.ts";
import { renderHtml } from "./page.tsx";

const chromium = missing("chromium");

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
      await browser.open(renderHtml(sampleResult()));
      assert.equal(await browser.evaluate("document.querySelectorAll('tr.case:not([hidden])').length"), 18);
      assert.match(String(await browser.evaluate("document.querySelector('h1').textContent")), /^3 failures/);
    });

    await test.step("text in the search box leaves the cases that match", async () => {
      await search(browser, "qos2 3.1.1");
      assert.equal(await browser.evaluate("document.querySelectorAll('tr.case:not([hidden])').length"), 1);
      assert.equal(await browser.evaluate("document.getElementById('shown').textContent"), "1 of 18 shown");
      // By a clause, which no cell of the row shows.
      await search(browser, "mqtt-4.7.2-1");
      assert.equal(await browser.evaluate("document.querySelectorAll('tr.case:not([hidden])').length"), 8);
    });

    await test.step("a verdict's button leaves the cases of that verdict", async () => {
      await search(browser, "");
      await browser.evaluate(`document.querySelector("button[data-verdict=expected-fail]").click();`);
      assert.equal(await browser.evaluate("document.querySelectorAll('tr.case:not([hidden])').length"), 2);
      await browser.evaluate('document.querySelector("button[data-verdict=expected-fail]").click()');
    });

    await test.step("sorting by time puts the slowest first, and by case brings the suites back", async () => {
      await browser.evaluate('document.querySelector("button[data-sort=time]").click()');
      assert.match(
        String(await browser.evaluate("document.querySelector('tr.case .time').textContent")),
        /^5\.0 s/,
      );
      assert.equal(await browser.evaluate("document.querySelectorAll('tr.suite:not([hidden])').length"), 0);
      await browser.evaluate('document.querySelector("button[data-sort=case]").click()');
      assert.equal(await browser.evaluate("document.querySelectorAll('tr.suite:not([hidden])').length"), 7);
    });

    await test.step("a click on a case opens its sequence chart, a click on an arrow its bytes", async () => {
      const row =
        `[...document.querySelectorAll("tr.case")].find((row) => /qos2-handshake/.test(row.textContent))`;
      await browser.evaluate(`${row}.querySelector("a").click()`);
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
      await browser.evaluate(
        "new Promise((done) => { addEventListener('hashchange', done); location.hash = '#c0'; }).then(() => true)",
      );
      assert.equal(await browser.evaluate("document.querySelectorAll('#c0.is-open + tr.detail').length"), 1);
    });

    await test.step("what a target sent stays text, in the page, the table and every chart", async () => {
      const image = "<img src=x onerror=document.title='run'>";
      await browser.open(renderHtml(hostileResult(`${image}</script><script>document.title='run'</script>`)));
      await browser.evaluate("document.querySelectorAll('tr.case a').forEach((link) => link.click())");
      await browser.evaluate(
        "document.querySelectorAll('.entry button').forEach((button) => button.click())",
      );
      assert.equal(await browser.evaluate("document.querySelectorAll('img').length"), 0);
      assert.equal(await browser.evaluate("document.querySelectorAll('script').length"), 2);
      assert.notEqual(await browser.evaluate("document.title"), "run");
      assert.match(
        String(await browser.evaluate("document.querySelector('tr.detail .label').textContent")),
        /^<img src=x/,
      );
    });

    await test.step("a run of 1,500 cases filters and opens", async () => {
      await browser.open(renderHtml(longResult(1500)));
      await search(browser, "chapter-7 case-1207");
      await browser.evaluate(`document.querySelector("tr.case:not([hidden]) a").click();`);
      assert.equal(await browser.evaluate("document.querySelectorAll('tr.detail .entry').length"), 12);
    });

    assert.deepEqual(browser.errors, []);
  },
});
