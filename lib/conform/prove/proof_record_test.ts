import assert from "node:assert/strict";
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

Deno.test("loadProof() reads an empty proof, and reports a proof of another target", () => {
  const empty = formatProof("reference", new Map());
  assert.deepEqual(loadProof(empty, "p.yaml", "reference"), { record: new Map(), problems: [] });
  const { problems } = loadProof(empty, "p.yaml", "virtual-module");
  assert.deepEqual(problems.map(({ message }) => message), [
    'expected the proof of "virtual-module", found that of "reference"',
  ]);
});

for (
  const [text, message] of [
    ["", "expected a recorded proof, found an empty file"],
    ["target: t", 'a recorded proof without "defects"'],
    ["target: t\ndefects:\n  Wrong Id: [a]", 'expected the id of a defect, found "Wrong Id"'],
    ["target: t\ndefects:\n  d: [a]\nmore: 1", 'unknown key "more" in a recorded proof'],
  ] as const
) {
  Deno.test(`loadProof() reports ${JSON.stringify(text)}`, () => {
    const { problems } = loadProof(text, "p.yaml", "t");
    assert.deepEqual(problems.map((one) => one.message), [message]);
  });
}
