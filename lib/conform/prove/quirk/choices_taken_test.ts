import assert from "node:assert/strict";
import { referenceTarget } from "../../test_bench.ts";
import { choicesTaken, choiceText } from "./choices_taken.ts";
import { quirk, quirkOptions } from "./test_quirks.ts";

const CASES = `
  - case: acknowledged
    purpose: a PUBLISH MUST be acknowledged
    use: { connected: { lane: c } }
    steps:
      - c -> PUBLISH: { topic: $topic, qos: 1, packetId: 7 }
      - c <- one of: [PUBACK: { packetId: 7, reason: [0, 0x10, 0x97] }, closed]
`;

Deno.test("choicesTaken() names for each member the quirk that takes it, and the usual broker", async () => {
  const { options } = await quirkOptions(CASES, '["5.0"]');
  const runs: string[] = [];
  const choices = await choicesTaken({
    ...options,
    target: referenceTarget(),
    protocol: "5.0",
    quirks: [quirk("no-matching-subscribers"), quirk("retained-reversed")],
    record: { common: new Set(["publishReason"]), cases: new Map() },
    onRun: (name) => runs.push(name),
  });
  assert.deepEqual(choices.map((one) => [choiceText(one), one.by]), [
    ["outcome: PUBACK packetId=7 reason=[0, 0x10, 0x97] | closed", [
      ["usual", "no-matching-subscribers"],
      [],
    ]],
    ["PUBACK reason: 0 | 0x10 | 0x97", [["usual"], ["no-matching-subscribers"], []]],
  ]);
  // The other quirk changes nothing that the case asks for.
  assert.deepEqual(runs, ["usual", "no-matching-subscribers"]);
});
