import assert from "node:assert/strict";
import { newRecord } from "./proof_check.ts";
import { formatProof, loadProof } from "./proof_record.ts";

Deno.test("formatProof() writes what loadProof() reads, in an order of its own", () => {
  const record = new Map([["b-defect", ["mqtt/x/y[a/+,true]", 'at/x/"quoted"[#]']], ["a-defect", [
    "at/x/z",
  ]]]);
  const text = formatProof("reference", record);
  const { record: read, problems } = loadProof(text, "proofs/reference.yaml", "reference");
  assert.deepEqual(problems, []);
  assert.deepEqual([...read], [["a-defect", ["at/x/z"]], ["b-defect", [
    'at/x/"quoted"[#]',
    "mqtt/x/y[a/+,true]",
  ]]]);
  assert.equal(formatProof("reference", read), text);
});

Deno.test("loadProof() reads an empty proof, and tells a proof of another target", () => {
  const empty = formatProof("reference", new Map());
  assert.deepEqual(loadProof(empty, "p.yaml", "reference"), { record: new Map(), problems: [] });
  const { problems } = loadProof(empty, "p.yaml", "virtual-module");
  assert.deepEqual(problems.map(({ message }) => message), [
    'the proof of "reference" where that of "virtual-module" is due',
  ]);
});

for (
  const [text, message] of [
    ["", "an empty file where a recorded proof is due"],
    ["target: t", 'a recorded proof without "defects"'],
    ["target: t\ndefects:\n  Wrong Id: [a]", '"Wrong Id" is not the id of a defect'],
    ["target: t\ndefects:\n  d: [a]\nmore: 1", 'unknown key "more" in a recorded proof'],
  ] as const
) {
  Deno.test(`loadProof() tells of ${JSON.stringify(text)}`, () => {
    const { problems } = loadProof(text, "p.yaml", "t");
    assert.deepEqual(problems.map((one) => one.message), [message]);
  });
}

function findingsOf(witnesses: Map<string, { id: string; ms: number }[]>) {
  return { witnesses, open: new Set<string>(), doubtful: new Set<string>() };
}

const known = new Set(["one", "two", "three", "four"]);

Deno.test("newRecord() keeps what still holds or was not tried, and drops what does not or is gone", () => {
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
