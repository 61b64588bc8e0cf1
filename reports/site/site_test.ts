import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import axe from "axe-core/axe.min.js" with { type: "text" };
import type { RunResult } from "../../lib/run/result.ts";
import { Browser } from "../html/testdata/browser.ts";
import { failingResult, hostileResult, sampleResult } from "../testdata/sample.ts";
import { missing } from "../testdata/tool.ts";
import { sitePages } from "./pages.ts";

/** The sample, and the same a day later with one case that fails no longer. */
function twoRuns(): readonly RunResult[] {
  const first = sampleResult();
  const failed = first.cases.find(({ standing }) => standing === "fail");
  assert.ok(failed !== undefined);
  const cases = first.cases.map((one) =>
    one === failed ? { ...one, verdict: "pass", standing: "pass" } as const : one
  );
  return [{ ...first, cases, startedAt: "2026-03-15T09:00:00Z" }, first];
}

function rendered(results: readonly RunResult[], full = true): ReadonlyMap<string, string> {
  return new Map(sitePages(results, { full }).map(({ path, render }) => [path, render()]));
}

/** The relative links of a page as paths from the root of the site, without fragments. */
function links(path: string, html: string): readonly string[] {
  const found = [...html.matchAll(/<a [^>]*?href="([^"#]+)[^"]*"/g)].map(([, address = ""]) => address);
  return found.filter((address) => !/^[a-z]+:/.test(address)).map((address) => join(dirname(path), address));
}

Deno.test("every relative link of a site leads to one of its pages, with and without full reports", () => {
  for (const full of [true, false]) {
    const pages = rendered([...twoRuns(), hostileResult("<b>../x</b>")], full);
    let seen = 0;
    for (const [path, html] of pages) {
      if (path.startsWith("reports/")) continue;
      for (const address of links(path, html)) {
        assert.ok(pages.has(address), `${path} leads to ${address}`);
        seen++;
      }
    }
    assert.ok(seen > pages.size);
    assert.equal([...pages.keys()].some((path) => path.startsWith("reports/")), full);
  }
});

Deno.test("a site shows the latest run of a target, whatever the order of the given runs", () => {
  const pages = rendered(twoRuns());
  for (const path of ["targets/reference.html", "index.html"]) {
    assert.match(pages.get(path) ?? "", /2026-03-15/, path);
  }
  const page = pages.get("targets/reference.html") ?? "";
  assert.match(page, /2026-03-14 [0-9:]+ to 2026-03-15 09:00:00: 1 case differs/);
  assert.match(page, /: fail → .*pass/);
});

Deno.test("the page of a target groups its failures, with a link into the full report for each case", () => {
  const result = failingResult(150);
  const page = rendered([result]).get(`targets/${result.cases[0]?.target}.html`) ?? "";
  assert.equal(page.match(/class="finding"/g)?.length, 1);
  assert.match(page, /150 case runs/);
  assert.match(page, /href="\.\.\/reports\/[a-z0-9.-]+\.html#case=mqtt\//);
  assert.match(page, /and 50 more/);
});

Deno.test("a document's page holds each clause with its state on each target", () => {
  const pages = rendered([sampleResult()]);
  const documents = [...pages].filter(([path]) => path.startsWith("clauses/"));
  assert.ok(documents.length > 0);
  const all = documents.map(([, html]) => html).join("");
  for (const { clause } of sampleResult().coverage.filter(({ cases }) => cases > 0)) {
    assert.ok(all.includes(clause), clause);
  }
  assert.match(all, /broken/);
});

Deno.test("a hostile target's text becomes neither markup nor part of a path", () => {
  const pages = rendered([hostileResult("../<script>alert(1)</script>\u202e")]);
  for (const [path, html] of pages) {
    assert.match(path, /^(?:[a-z]+\/)?[a-z0-9][a-z0-9.-]*\.html$/);
    assert.doesNotMatch(path, /\.\./);
    assert.ok(!html.includes("<script>alert"), path);
    assert.ok(!html.includes("\u202e"), path);
  }
});

Deno.test("names that lead to the same file name get separate files", () => {
  const named = (name: string): RunResult => {
    const result = sampleResult();
    return { ...result, targets: result.targets.slice(0, 1).map((target) => ({ ...target, name })) };
  };
  const paths = [...rendered([named("a/b"), named("A b"), named("…")]).keys()];
  assert.deepEqual(paths.filter((path) => path.startsWith("targets/")).toSorted(), [
    "targets/a-b-2.html",
    "targets/a-b.html",
    "targets/unnamed.html",
  ]);
  assert.equal(new Set(paths).size, paths.length);
});

Deno.test({
  name: "the pages of a site open without an error, and axe finds nothing on them, in either theme",
  ignore: missing("chromium"),
  fn: async (test) => {
    await using browser = await Browser.start();
    await browser.resize(1280, 900);
    const pages = rendered([...twoRuns(), hostileResult("<b>x</b>")]);
    for (const [path, html] of pages) {
      // The full reports have a test of their own.
      if (path.startsWith("reports/")) continue;
      await test.step(path, async () => {
        await browser.open(html);
        for (const theme of ["light", "dark"]) {
          await browser.evaluate(`document.documentElement.dataset.theme = ${JSON.stringify(theme)}`);
          await browser.evaluate(`for (const part of document.querySelectorAll("details")) part.open = true`);
          await browser.evaluate(axe);
          const found = await browser.evaluate(`axe.run(document, { resultTypes: ["violations"] }).then(
            ({ violations }) => violations.map(({ id, nodes }) =>
              id + ": " + nodes.slice(0, 4).map(({ html, failureSummary }) => html.slice(0, 160) + " | " + failureSummary).join(" ; ")))`);
          assert.deepEqual(found, [], theme);
        }
        assert.deepEqual(browser.errors, []);
      });
    }
  },
});
