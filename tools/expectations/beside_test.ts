import assert from "node:assert/strict";
import { besideFaults, besideSection, type ShownFinding } from "./beside.ts";
import type { Judged } from "./deviations.ts";
import type { BrokerFault } from "./faults.ts";

function fault(name: string, more: Partial<BrokerFault> = {}): BrokerFault {
  return { fault: name, clauses: ["MQTT-3.12.4-1"], sent: "c0 00", came: "nothing", ...more };
}

function ran(id: string): Judged {
  return { id, protocol: "3.1.1", target: "own", verdict: "fail", reason: "no answer" };
}

function finding(number: number, cases: readonly Judged[], more: Partial<ShownFinding> = {}): ShownFinding {
  return {
    number,
    standing: "fail",
    reason: 'topic is "attest/mx3q1/a", expected "b" (3 of 3 alone)',
    clauses: ["MQTT-3.12.4-1"],
    rules: [],
    cases,
    ...more,
  };
}

const SILENT = fault("A PINGREQ is not answered");
const LATE = fault("An answer comes late");

Deno.test("besideFaults() gives each finding the faults that explain its case runs", () => {
  const [a, b] = [ran("ping/a"), ran("ping/b")];
  const beside = besideFaults(
    [finding(1, [a]), finding(2, [b])],
    [SILENT, LATE],
    new Map([[SILENT, [a]], [LATE, [b]]]),
  );
  assert.deepEqual(beside.findings.map(({ faults }) => faults), [[SILENT], [LATE]]);
  const { unexplained, joined, split, unseen } = beside;
  assert.deepEqual({ unexplained, joined, split, unseen }, {
    unexplained: [],
    joined: [],
    split: [],
    unseen: [],
  });
  assert.match(
    besideSection(beside, []),
    /2 findings in 2 case runs; the list has 2 faults[^]*Each finding is one fault/,
  );
});

Deno.test("besideFaults() tells what no fault explains, what splits, what is joined, and what no finding shows", () => {
  const [a, b, c] = [ran("ping/a"), ran("ping/b"), ran("ping/c")];
  const avoided = fault("A long topic is cut", { avoided: "the target file keeps topics short" });
  const beside = besideFaults(
    [
      finding(1, [a, b]),
      finding(2, [b]),
      finding(3, [c], { standing: "inconclusive", reason: "no | answer" }),
    ],
    [SILENT, LATE, avoided],
    new Map([[SILENT, [a]], [LATE, [b]]]),
  );
  assert.deepEqual(beside.unexplained.map((one) => [one.finding.number, one.unexplained.length]), [[3, 1]]);
  assert.deepEqual(beside.joined.map((one) => one.finding.number), [1]);
  assert.deepEqual(beside.split.map((one) => [one.fault, one.findings.map(({ number }) => number)]), [
    [LATE, [1, 2]],
  ]);
  assert.deepEqual(beside.unseen, [avoided]);
  const text = besideSection(beside, [
    { case: "ping/c", protocol: "3.1.1", verdict: "inconclusive", reason: "the line was slow" },
  ]);
  assert.match(text, /^\| 3 \| 1 \| `MQTT-3\.12\.4-1` \| inconclusive: no \\\| answer \| none \|$/m);
  assert.match(text, /^- 3, in 1 of 1 case run: the line was slow$/m);
  assert.match(text, /^- 1: A PINGREQ is not answered; An answer comes late$/m);
  assert.match(
    text,
    /^- An answer comes late: 1, 2 \(topic is "…", expected "b"; apart by case or clause\)$/m,
  );
  assert.match(text, /^- A long topic is cut: the target file keeps topics short$/m);
});
