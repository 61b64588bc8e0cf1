import assert from "node:assert/strict";
import { defined } from "../../lib/ground/defined.ts";
import type { RunEvent, Verdict } from "../../lib/run/event.ts";
import { fold } from "../../lib/run/result.ts";
import { hostileResult, sampleResult } from "../testdata/sample.ts";
import { renderAcceptance } from "./page.tsx";
import { judgedLine, statementsOf } from "./statements.ts";
import { inManualOrder } from "./suite_order.ts";
import { acceptanceOf, RULE } from "./verdict.ts";

interface Ran {
  readonly verdict: Verdict;
  readonly expected?: Verdict;
  readonly warnings?: readonly string[];
  /** The clauses that it covers, and its suite; by default those of no interest. */
  readonly covers?: readonly string[];
  readonly suite?: string;
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
  for (const [clause, text] of MANUAL) events.push({ kind: "clause", protocol: "ECMT", clause, text });
  const target = {
    t: 0,
    name: "m",
    address: "a",
    supports: [],
    protocols: ["ECMT"],
    tests: "module" as const,
    values: [
      { name: "textMax", value: "1024", from: "target" as const },
      { name: "idle", value: "3s", from: "suites" as const },
    ],
  };
  events.push({ kind: "target-started", ...target });
  events.push({ kind: "identity", t: 1, target: "m", identity: { model: "EC616S" }, untold: ["serial"] });
  for (
    const [n, { verdict, expected, warnings = [], covers = ["ECMT-AT-1"], suite = "s" }] of cases.entries()
  ) {
    const place = { file: "f", line: 1 };
    const about = {
      suite,
      purpose: "p",
      protocol: "ECMT",
      level: "must" as const,
      covers,
    };
    events.push({
      kind: "case-started",
      t: n,
      n,
      id: `${suite}/c${n}`,
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
      warnings,
      durationMs: 1,
      ...defined({ expected: expected && { verdict: expected, reason: "it never did" } }),
    });
  }
  if (!more.cutOff) events.push({ kind: "run-ended", t: 9, interrupted: false, exit: 0 });
  return fold(events);
}

/** A manual of two rows about the line, and one each about two commands. */
const MANUAL = [
  ["ECMT-AT-1", "A command line is closed by CR."],
  ["ECMT-AT-2", "A line begins with AT."],
  ["ECMT-OPEN-W1", "OPEN opens."],
  ["ECMT-PUB-W1", "PUB publishes."],
] as const;
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
      "<dt>Serial number</dt><dd>not reported</dd>",
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

Deno.test("warnings count in the sentence and stand on the sheet with their statements", () => {
  const missed = 'A SHOULD was not met: Unexpected "OK" (suites/at/pub.yaml:9)';
  const result = run([PASS, { ...PASS, warnings: [missed], covers: ["ECMT-PUB-W1"] }]);
  assert.equal(acceptanceOf(result, "m").because, "2 case runs passed, none failed, 1 warning");
  const page = renderAcceptance(result);
  assert.match(page, /W1<\/th><td>p: Unexpected &quot;OK&quot;<\/td><td class="ids">s\/c1</);
  assert.match(page, /ECMT-PUB-W1<\/th><td>PUB publishes\.<\/td><td class="ids">W1</);
});

Deno.test("a statement that is broken stands on the sheet with its text and with what shows it", () => {
  const page = renderAcceptance(run([PASS, { ...KNOWN, covers: ["ECMT-OPEN-W1"] }, { verdict: "fail" }]));
  assert.match(page, /ECMT-AT-1<\/th><td>A command line is closed by CR\.<\/td><td class="ids">F1</);
  assert.match(page, /ECMT-OPEN-W1<\/th><td>OPEN opens\.<\/td><td class="ids">D1</);
});

Deno.test("the sheet says which values were used, and where they come from", () => {
  const page = renderAcceptance(run([PASS]));
  assert.match(page, /<dt>Of the target<\/dt><dd><span ?>textMax(?:\u00a0|&nbsp;)1024</);
  assert.match(page, /<dt>Defaults of the suites<\/dt><dd><span ?>idle(?:\u00a0|&nbsp;)3s</);
});

Deno.test("the rule of the verdict stands above the signatures", () => {
  const page = renderAcceptance(run([PASS]));
  assert.ok(page.indexOf(RULE.slice(0, 40)) > 0);
  assert.ok(page.indexOf(RULE.slice(0, 40)) < page.indexOf("place, date, signature"));
});

Deno.test("a run that leaves out statements with cases is partial, and one without a case for them is not", () => {
  const line = (...cases: Ran[]) => {
    const result = run(cases);
    return result.targets.map((target) => judgedLine(statementsOf(result, target)));
  };
  const all = MANUAL.map(([clause]) => ({ ...PASS, covers: [clause] }));
  assert.deepEqual(line(...all), ["judged 4 of 4 statements"]);
  assert.deepEqual(line(...all.slice(1)), ["judged 3 of 4 statements: partial"]);
  assert.deepEqual(line(...all.slice(1), { verdict: "skip" }), ["judged 3 of 4 statements"]);
  assert.deepEqual(line(...all.slice(1), { verdict: "inconclusive" }), ["judged 3 of 4 statements: partial"]);
});

Deno.test("suites stand in the order of the manual, those about most of it last", () => {
  const { cases, coverage } = run([
    { ...PASS, suite: "everything", covers: MANUAL.map(([clause]) => clause) },
    { ...PASS, suite: "at/pub", covers: ["ECMT-PUB-W1", "ECMT-AT-1"] },
    { ...PASS, suite: "at/close", covers: ["ECMT-OPEN-W1"] },
    { ...PASS, suite: "at/line", covers: ["ECMT-AT-2"] },
  ]);
  assert.deepEqual(inManualOrder(cases, coverage).map(({ suite }) => suite), [
    "at/line",
    "at/close",
    "at/pub",
    "everything",
  ]);
});

Deno.test("each target has a part of its own, and a run of a broker is reported as well", () => {
  const page = renderAcceptance(sampleResult());
  assert.equal(page.match(/<article>/g)?.length, sampleResult().targets.length);
});

Deno.test("nothing that a target or a suite says becomes markup of the acceptance report", () => {
  const page = renderAcceptance(hostileResult('"><script>x</script><img src=x onerror=y>\u202e'));
  assert.doesNotMatch(page, /<script|<img|\u202e/);
});
