import assert from "node:assert/strict";
import { checkRecord, newRecord, sift } from "./proof_check.ts";
import type { Findings } from "./proof_search.ts";
import { CASES, namesOf, PING_LOST, proofOf, PUBACK_LOST } from "./test_proof.ts";

function findingsOf(witnesses: Map<string, { id: string; ms: number }[]>): Findings {
  return { witnesses, open: new Set<string>(), doubtful: new Set<string>() };
}

const known = new Set(["one", "two", "three", "four"]);

Deno.test("newRecord() keeps what still holds or was not tried, and drops what does not hold or no longer exists", () => {
  const before = new Map([["d", ["one", "two", "gone"]], ["e", ["three"]]]);
  const findings = findingsOf(new Map([["d", [{ id: "one", ms: 5 }]]]));
  const record = newRecord(before, findings, new Set(["one", "two"]), known, () => false);
  assert.deepEqual([...record], [["d", ["one"]], ["e", ["three"]]]);
});

Deno.test("newRecord() takes for a new case the defect that breaks it soonest, and for each defect one case", () => {
  const witnesses = new Map([
    ["slow", [{ id: "one", ms: 900 }, { id: "two", ms: 800 }]],
    ["quick", [{ id: "one", ms: 5 }, { id: "two", ms: 7 }]],
    ["rare", [{ id: "two", ms: 9 }]],
  ]);
  const record = newRecord(new Map(), findingsOf(witnesses), known, known, () => false);
  assert.deepEqual(record.get("quick"), ["one", "two"]);
  assert.deepEqual(record.get("slow"), ["two"]);
  assert.deepEqual(record.get("rare"), ["two"]);
});

Deno.test("newRecord() takes a defect that breaks what the case covers before one that shows sooner", () => {
  const witnesses = new Map([["quick", [{ id: "one", ms: 5 }]], ["fitting", [{ id: "one", ms: 900 }]]]);
  const fits = (defect: string) => defect === "fitting";
  const record = newRecord(new Map(), findingsOf(witnesses), known, known, fits);
  assert.deepEqual([...record], [["fitting", ["one"]], ["quick", ["one"]]]);
});

const BOTH = ["demo/pinged", "demo/acknowledged"];
const nothing = (): Findings => ({ witnesses: new Map(), open: new Set(BOTH), doubtful: new Set() });

Deno.test("checkRecord() adds the pairs that still hold to what is known", async () => {
  const { bench, cases } = await proofOf(CASES);
  const record = new Map([["pingresp-lost", ["demo/pinged"]], ["puback-lost", ["demo/acknowledged"]]]);
  const findings = nothing();
  const stale = await checkRecord(bench, record, [PING_LOST, PUBACK_LOST], cases, new Set(BOTH), findings);
  assert.deepEqual(stale, []);
  assert.deepEqual(namesOf(findings.witnesses.get("pingresp-lost") ?? []), ["pinged"]);
  assert.deepEqual(namesOf(findings.witnesses.get("puback-lost") ?? []), ["acknowledged"]);
  assert.deepEqual([...findings.open], []);
});

Deno.test("checkRecord() reports each pair that no longer holds, and what no longer exists", async () => {
  const { bench, cases } = await proofOf(CASES);
  const record = new Map([
    ["puback-lost", ["demo/pinged", "demo/gone", "demo/elsewhere"]],
    ["no-such-defect", ["demo/pinged"]],
  ]);
  const known = new Set([...BOTH, "demo/elsewhere"]);
  const findings = nothing();
  assert.deepEqual(await checkRecord(bench, record, [PUBACK_LOST], cases, known, findings), [
    "demo/pinged passes with the defect puback-lost",
    'unknown case "demo/gone"',
    'unknown defect "no-such-defect"',
  ]);
  assert.equal(findings.witnesses.size, 0);
  assert.equal(findings.open.size, 2);
});

Deno.test("sift() takes out new pairs that do not fail again, and believes the old ones", async () => {
  const { bench, cases } = await proofOf(CASES);
  const findings = findingsOf(
    new Map([
      ["puback-lost", [{ id: "demo/pinged", ms: 1 }, { id: "demo/acknowledged", ms: 1 }]],
      ["pingresp-lost", [{ id: "demo/acknowledged", ms: 1 }]],
    ]),
  );
  const record = new Map([
    ["puback-lost", ["demo/pinged", "demo/acknowledged"]],
    ["pingresp-lost", ["demo/acknowledged"]],
  ]);
  const before = new Map([["pingresp-lost", ["demo/acknowledged"]]]);
  assert.equal(await sift(bench, record, before, cases, findings), 1);
  assert.deepEqual([...findings.doubtful], ["puback-lost demo/pinged"]);
  assert.deepEqual(namesOf(findings.witnesses.get("puback-lost") ?? []), ["acknowledged"]);
  assert.deepEqual(namesOf(findings.witnesses.get("pingresp-lost") ?? []), ["acknowledged"]);
  assert.deepEqual([...findings.open], ["demo/pinged"]);
});

Deno.test("a proof that is interrupted calls no pair stale or doubtful", async () => {
  const { bench, cases, stop } = await proofOf(CASES);
  stop.abort();
  const record = new Map([["puback-lost", ["demo/acknowledged"]]]);
  assert.deepEqual(await checkRecord(bench, record, [PUBACK_LOST], cases, new Set(BOTH), nothing()), []);
  assert.equal(await sift(bench, record, new Map(), cases, nothing()), 0);
});
