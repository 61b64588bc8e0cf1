import assert from "node:assert/strict";
import { Browser } from "../html/testdata/browser.ts";
import { loadSample } from "../testdata/load_sample.ts";
import { missing } from "../testdata/tool.ts";
import type { NamedLoad } from "./load_run.ts";
import { renderLoadComparison, renderLoadHtml } from "./page.tsx";

const chromium = missing("chromium");

/** How many charts have lines in them: pixels near the colour of one, which axes and grids do not have. */
const DRAWN = `[...document.querySelectorAll(".chart canvas")].filter((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const hues = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => {
    const ink = document.body.appendChild(document.createElement("i"));
    ink.style.color = "var(--line-" + n + ")";
    probe.fillStyle = getComputedStyle(ink).color;
    ink.remove();
    probe.fillRect(0, 0, 1, 1);
    return probe.getImageData(0, 0, 1, 1).data;
  });
  let near = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] < 200) continue;
    if (hues.some((hue) => Math.hypot(hue[0] - data[at], hue[1] - data[at + 1], hue[2] - data[at + 2]) < 40)) near++;
  }
  return near > 100;
}).length`;

const RANGE = (chart: number) =>
  `(() => {
  const { min, max } = attestCharts.overTime[${chart}].scales.x;
  return [min, max].join();
})()`;

/** Where a share of a chart's width lies in the window. */
async function point(browser: Browser, chart: number, share: number): Promise<readonly [number, number]> {
  const text = String(
    await browser.evaluate(`(() => {
      const over = attestCharts.overTime[${chart}].over;
      over.scrollIntoView({ block: "center", behavior: "instant" });
      const box = over.getBoundingClientRect();
      return [box.left + ${share} * box.width, box.top + box.height / 2].join();
    })()`),
  );
  const [x = 0, y = 0] = text.split(",").map(Number);
  return [x, y];
}

Deno.test({
  name: "a load's report in Chromium: charts are drawn, zoom works, no text of the broker runs, no error",
  ignore: chromium,
  fn: async (test) => {
    await using browser = await Browser.start();

    await test.step("all charts of one run are drawn, and thresholds stand above them", async () => {
      await browser.open(renderLoadHtml(loadSample({ seconds: 60 })));
      assert.equal(await browser.evaluate("document.querySelectorAll('.chart .uplot').length"), 9);
      assert.equal(await browser.evaluate(DRAWN), 9);
      assert.match(
        String(await browser.evaluate("document.querySelector('h1').textContent")),
        /2 of 3 thresholds/,
      );
      assert.equal(await browser.evaluate("document.querySelectorAll('#thresholds tbody tr').length"), 3);
      assert.equal(await browser.evaluate("document.querySelectorAll('#promises tbody tr').length"), 13);
    });

    await test.step("drawing across a chart zooms it, the others over time follow, a double click shows all", async () => {
      const all = await browser.evaluate(RANGE(0));
      await browser.drag(await point(browser, 0, 0.25), await point(browser, 0, 0.5));
      const [min = 0, max = 0] = String(await browser.evaluate(RANGE(0))).split(",").map(Number);
      assert.ok(min > 10 && min < 20 && max > 25 && max < 35, `${min} to ${max} s`);
      assert.equal(await browser.evaluate(RANGE(1)), await browser.evaluate(RANGE(0)));
      assert.equal(await browser.evaluate(RANGE(4)), await browser.evaluate(RANGE(0)));
      await browser.evaluate(
        `attestCharts.overTime[0].over.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
         new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`,
      );
      assert.equal(await browser.evaluate(RANGE(0)), all);
    });

    await test.step("without a pointer a legend shows the last value that was measured", async () => {
      await browser.evaluate(
        "new Promise((done) => setTimeout(() => requestAnimationFrame(() => done(true)), 0))",
      );
      const legend = String(
        await browser.evaluate("document.querySelector('#memory .u-legend').textContent"),
      );
      assert.match(legend, /memory\s*:?\s*\d/);
    });

    await test.step("moving over a chart tells the values under the pointer", async () => {
      await browser.evaluate(`(() => {
        const over = attestCharts.overTime[0].over;
        const box = over.getBoundingClientRect();
        const at = { bubbles: true, clientX: box.left + box.width * 0.9, clientY: box.top + 10 };
        over.dispatchEvent(new MouseEvent("mouseenter", at));
        over.dispatchEvent(new MouseEvent("mousemove", at));
        return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));
      })()`);
      const legend = String(await browser.evaluate("document.querySelector('#rate .u-legend').textContent"));
      assert.match(legend, /received\s*1000/);
    });

    await test.step("another metric is drawn when it is chosen, and the distribution reaches its last nine", async () => {
      await browser.evaluate(`(() => {
        const select = document.querySelector("select[data-draws=latency]");
        select.value = "puback";
        select.dispatchEvent(new Event("change"));
      })()`);
      assert.equal(await browser.evaluate("document.querySelectorAll('#latency .uplot').length"), 1);
      assert.equal(await browser.evaluate(DRAWN), 9);
      const nines = await browser.evaluate("attestCharts.distribution().data[0].at(-1)");
      // 56,000 messages have their last one at 4.7 nines.
      assert.ok(Number(nines) > 4.5 && Number(nines) < 5, String(nines));
    });

    await test.step("several runs lie over one another, with their figures and what bears the difference out", async () => {
      const runs = [1, 2, 3, 4, 5, 6, 7, 8].map((seed): NamedLoad => ({
        name: seed <= 4 ? `before/${seed}` : `after/${seed}`,
        result: loadSample({ seconds: 10, seed, slower: seed <= 4 ? 0 : 1 }),
      }));
      const loads = runs.map(({ result }) => result.load);
      const sets = [{ name: "before", loads: loads.slice(0, 4) }, { name: "after", loads: loads.slice(4) }];
      await browser.open(renderLoadComparison(sets, runs));
      assert.equal(await browser.evaluate(DRAWN), 9);
      assert.equal(await browser.evaluate("attestCharts.distribution().series.length"), 9);
      const row = `[...document.querySelectorAll("#comparison tbody tr")]
        .find((row) => row.cells[0].textContent === "latency.p50").textContent`;
      assert.match(String(await browser.evaluate(row)), /worse, significant p = 0\.029/);
    });

    await test.step("a search shows its curve of rate against latency", async () => {
      await browser.open(renderLoadHtml(loadSample({ seconds: 5, tried: [1000, 4000, 2000, 3000] })));
      assert.equal(await browser.evaluate("document.querySelectorAll('#curve .uplot').length"), 1);
      assert.equal(await browser.evaluate(DRAWN), 10);
      assert.match(
        String(await browser.evaluate("document.querySelector('#search h2').textContent")),
        /^2000 messages/,
      );
      const rows =
        "[...document.querySelectorAll('#search .wide tbody tr')].map((row) => row.cells[0].textContent).join()";
      assert.equal(await browser.evaluate(rows), "1000,2000,3000,4000");
      const last = "document.querySelector('#search .wide tbody tr:last-child').textContent";
      assert.match(String(await browser.evaluate(last)), /4\.\d+ ms.*latency\.p99 < 3ms/);
    });

    await test.step("what a broker sent stays text", async () => {
      const text = "</script><script>document.title='run'</script><img src=x onerror=document.title='run'>";
      await browser.open(renderLoadHtml(loadSample({ seconds: 5, text })));
      assert.equal(await browser.evaluate("document.querySelectorAll('img').length"), 0);
      assert.equal(await browser.evaluate("document.querySelectorAll('script').length"), 3);
      assert.notEqual(await browser.evaluate("document.title"), "run");
    });

    await test.step("a run that was cut off before its first second opens too", async () => {
      await browser.open(renderLoadHtml(loadSample({ seconds: 0, ended: false })));
      assert.equal(await browser.evaluate("document.querySelectorAll('.chart').length"), 0);
      assert.match(
        String(await browser.evaluate("document.querySelector('#charts').textContent")),
        /nothing to draw/,
      );
    });

    assert.deepEqual(browser.errors, []);
  },
});
