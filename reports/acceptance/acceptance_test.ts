import assert from "node:assert/strict";
import { defined } from "../../lib/ground/defined.ts";
import type { RunEvent, Verdict } from "../../lib/run/event.ts";
import { fold } from "../../lib/run/result.ts";
import { hostileResult, sampleResult } from "../testdata/sample.ts";
import { renderAcceptance } from "./page.tsx";
import { acceptanceOf } from "./verdict.ts";

interface Ran {
  readonly verdict: Verdict;
  readonly expected?: Verdict;
}

function run(cases: readonly Ran[], more: { readonly planned?: number; readonly cutOff?: true } = {}) {
  const events: RunEvent[] = [{
    kind: "run-started",
    format: 1,
    attest: "0.1.0",
    what: "conform",
    seed: 1,
    startedAt: "2026-11-25T08:00:00Z",
    command: ["attest", "conform", "--operator", "Ada Lovelace"],
    environment: {},
    planned: more.planned ?? cases.length,
    operator: "Ada Lovelace",
    customer: "ACME",
  }];
  events.push({ kind: "source", what: "suite", file: "suites/at/cfg.yaml", sha256: "ab12" });
  const target = {
    t: 0,
    name: "m",
    address: "a",
    supports: [],
    protocols: ["ECMT"],
    tests: "module" as const,
  };
  events.push({ kind: "target-started", ...target });
  events.push({ kind: "identity", t: 1, target: "m", identity: { model: "EC616S" }, untold: ["serial"] });
  for (const [n, { verdict, expected }] of cases.entries()) {
    const place = { file: "f", line: 1 };
    const about = {
      suite: "s",
      purpose: "p",
      protocol: "ECMT",
      level: "must" as const,
      covers: ["ECMT-AT-1"],
    };
    events.push({
      kind: "case-started",
      t: n,
      n,
      id: `s/c${n}`,
      target: "m",
      tags: [],
      lanes: [],
      ...about,
      ...place,
    });
    events.push({
      kind: "case-ended",
      t: n,
      n,
      verdict,
      reason: `because ${n}`,
      warnings: [],
      durationMs: 1,
      ...defined({ expected: expected && { verdict: expected, reason: "it never did" } }),
    });
  }
  if (!more.cutOff) events.push({ kind: "run-ended", t: 9, interrupted: false, exit: 0 });
  return fold(events);
}

const PASS: Ran = { verdict: "pass" };
const KNOWN: Ran = { verdict: "fail", expected: "fail" };

Deno.test("a target is accepted, accepted with deviations, refused or not judged, by the rule on the page", () => {
  const verdict = (...cases: Ran[]) => acceptanceOf(run(cases), "m").verdict;
  assert.equal(verdict(PASS, { verdict: "skip" }), "accepted");
  assert.equal(verdict(PASS, KNOWN), "accepted with deviations");
  assert.equal(verdict(PASS, KNOWN, { verdict: "fail" }), "refused");
  assert.equal(verdict({ verdict: "error" }, { verdict: "fail" }), "refused");
  assert.equal(verdict(PASS, { verdict: "error" }), "not judged");
  assert.equal(verdict(PASS, { verdict: "inconclusive" }), "not judged");
  assert.equal(verdict(PASS, { verdict: "pass", expected: "fail" }), "not judged");
  assert.equal(verdict({ verdict: "skip" }), "not judged");
  assert.equal(verdict(KNOWN), "not judged");
});

Deno.test("a run that did not end, or has not run all, judges nothing", () => {
  assert.match(acceptanceOf(run([PASS], { cutOff: true }), "m").because, /^the run did not end$/);
  assert.match(
    acceptanceOf(run([PASS], { planned: 3 }), "m").because,
    /^2 planned case runs were not begun$/,
  );
});

Deno.test("the acceptance report says who was tested, by whom and for whom, and what stands against it", () => {
  const page = renderAcceptance(run([PASS, KNOWN, { verdict: "fail" }]));
  for (
    const part of [
      "<strong>refused</strong>",
      "<dt>Model</dt><dd>EC616S</dd>",
      "<dt>Serial number</dt><dd>not told</dd>",
      "<dt>Run by</dt><dd>Ada Lovelace</dd>",
      "<dt>For</dt><dd>ACME</dd>",
      "--operator &#39;Ada Lovelace&#39;",
      "it never did",
      "fail: because 2",
      "suites/at/cfg.yaml",
      "ab12",
      "Accepted for the customer: ACME",
    ]
  ) assert.ok(page.includes(part) || page.replaceAll("'", "&#39;").includes(part), part);
  assert.doesNotMatch(page, /<script/);
});

Deno.test("each target has a part of its own, and a run of a broker is reported too", () => {
  const page = renderAcceptance(sampleResult());
  assert.equal(page.match(/<article>/g)?.length, sampleResult().targets.length);
});

Deno.test("nothing that a target or a suite says becomes markup of the acceptance report", () => {
  const page = renderAcceptance(hostileResult('"><script>x</script><img src=x onerror=y>\u202e'));
  assert.doesNotMatch(page, /<script|<img|\u202e/);
});
