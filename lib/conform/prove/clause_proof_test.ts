import assert from "node:assert/strict";
import { proveClauses } from "./clause_proof.ts";
import { CASES, PING_LOST, proofOf, PUBACK_LOST, WILL_LOST } from "./test_proof.ts";

Deno.test("proveClauses() finds for each clause a case that passes and a defect that breaks it there", async () => {
  const { options } = await proofOf(CASES);
  const puback = { ...PUBACK_LOST, clauses: [] };
  const open: number[] = [];
  const { baselines, clauses } = await proveClauses({
    ...options,
    protocol: "3.1.1",
    clauses: ["MQTT-3.12.4-1", "MQTT-4.3.2-2", "MQTT-3.1.0-1"],
    defects: new Map([["reference", [WILL_LOST, PING_LOST, puback]]]),
    records: new Map([["reference", new Map([["puback-lost", ["demo/acknowledged"]]])]]),
    onRound: (many) => open.push(many),
  });
  assert.deepEqual(clauses, [
    {
      clause: "MQTT-3.12.4-1",
      passesOn: ["reference"],
      breach: { target: "reference", id: "demo/pinged", defect: "pingresp-lost" },
    },
    {
      clause: "MQTT-4.3.2-2",
      passesOn: ["reference"],
      breach: { target: "reference", id: "demo/acknowledged", defect: "puback-lost" },
    },
    { clause: "MQTT-3.1.0-1", passesOn: [], breach: undefined },
  ]);
  const [{ target, verdicts, unsound } = { target: "", verdicts: new Map(), unsound: [] }] = baselines;
  assert.deepEqual([target, [...verdicts], unsound], ["reference", [["pass", 2]], []]);
  assert.deepEqual(open, [2]);
});

Deno.test("proveClauses() leaves a clause open whose cases pass with each defect", async () => {
  const { options } = await proofOf(CASES);
  const { clauses: [found] } = await proveClauses({
    ...options,
    protocol: "3.1.1",
    clauses: ["MQTT-3.12.4-1"],
    defects: new Map([["reference", [{ ...WILL_LOST, clauses: ["MQTT-3.12.4-1"] }]]]),
    records: new Map([["reference", new Map([["will-lost", ["demo/pinged"]]])]]),
  });
  assert.deepEqual(found, { clause: "MQTT-3.12.4-1", passesOn: ["reference"], breach: undefined });
});
