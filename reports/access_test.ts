import assert from "node:assert/strict";
import axe from "axe-core/axe.min.js" with { type: "text" };
import { renderAcceptance } from "./acceptance/page.tsx";
import { renderComparison } from "./html/comparison.tsx";
import { renderHtml } from "./html/page.tsx";
import { Browser } from "./html/testdata/browser.ts";
import { renderLoadComparison, renderLoadHtml } from "./load/page.tsx";
import { loadSample } from "./testdata/load_sample.ts";
import { failingResult, hostileResult, longResult, sampleResult } from "./testdata/sample.ts";
import { missing } from "./testdata/tool.ts";

const OPENED = `(async () => {
  for (const part of document.querySelectorAll("details")) part.open = true;
  document.querySelector(".suites .fold")?.click();
  const before = document.querySelectorAll("tr.detail").length;
  document.querySelector("tr.case a")?.click();
  while (document.querySelector("tr.case") && document.querySelectorAll("tr.detail").length === before) {
    await new Promise((done) => requestAnimationFrame(done));
  }
})()`;

const pages: readonly (readonly [string, () => string])[] = [
  ["every standing", () => renderHtml(sampleResult())],
  ["ten failures", () => renderHtml(failingResult(10))],
  ["1,000 cases", () => renderHtml(longResult(1000))],
  ["no case", () => renderHtml(longResult(0))],
  ["a hostile target", () => renderHtml(hostileResult("<b>x</b>"))],
  ["two runs", () =>
    renderComparison([
      { name: "a", result: sampleResult() },
      { name: "b", result: failingResult(3) },
    ])],
  ["acceptance", () => renderAcceptance(sampleResult())],
  ["a load", () => renderLoadHtml(loadSample({ seconds: 20 }))],
  ["two loads", () => {
    const runs = ["a", "b"].map((name) => ({ name, result: loadSample({ seconds: 5 }) }));
    return renderLoadComparison(runs.map(({ name, result }) => ({ name, loads: [result.load] })), runs);
  }],
];

Deno.test({
  name: "axe finds nothing on any page, in either theme",
  ignore: missing("chromium"),
  fn: async (test) => {
    await using browser = await Browser.start();
    for (const [name, render] of pages) {
      for (const theme of ["light", "dark"]) {
        await test.step(`${name}, ${theme}`, async () => {
          await browser.resize(1280, 900);
          await browser.open(render());
          await browser.evaluate(`document.documentElement.dataset.theme = ${JSON.stringify(theme)}`);
          if (await browser.evaluate("document.getElementById('index') !== null")) await browser.ready();
          await browser.evaluate(OPENED);
          await browser.evaluate(axe);
          const found = await browser.evaluate(`axe.run(document, { resultTypes: ["violations"] }).then(
            ({ violations }) => violations.map(({ id, nodes }) =>
              id + ": " + nodes.slice(0, 4).map(({ html, failureSummary }) => html.slice(0, 160) + " | " + failureSummary).join(" ; ")))`);
          assert.deepEqual(found, []);
        });
      }
    }
  },
});
