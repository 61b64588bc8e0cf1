import assert from "node:assert/strict";
import { loadSuite } from "./load.ts";
import { choicesIn } from "./choices.ts";

/** The choices of a case with these steps, each as `what: member | member`. */
function choicesOf(steps: string): readonly string[] {
  const { suite, problems } = loadSuite(
    `suite: demo/choices
title: Choices
protocols: ["5.0"]
cases:
  - case: one
    purpose: it MUST choose
    steps: ${steps}
`,
    "demo/choices.yaml",
  );
  assert.ok(suite, JSON.stringify(problems));
  return suite.cases.flatMap((one) => choicesIn(one.steps)).map(({ what, members }) =>
    `${what}: ${members.map(({ text }) => text).join(" | ")}`
  );
}

Deno.test("choicesIn() finds outcomes, lists of a branch, and values of fields and properties", () => {
  assert.deepEqual(
    choicesOf(`
      - c -> CONNECT
      - c <- CONNACK: { reason: [0, 0x10], properties: { retainAvailable: [1, absent] } }
      - c <- one of: [DISCONNECT: { reason: 0x81 }, closed]
      - branch: [[c <- PUBACK], [c <- closed]]`),
    [
      "CONNACK reason: 0 | 0x10",
      "CONNACK retainAvailable: 1 | absent",
      "outcome: DISCONNECT reason=0x81 | closed",
      "branch: PUBACK | closed",
    ],
  );
});

Deno.test("choicesIn() takes a list that comes for no choice, and looks into its items", () => {
  assert.deepEqual(
    choicesOf(`
      - c -> CONNECT
      - c <- SUBACK: { packetId: 1, reasons: [0, [0x80, 0x87]] }
      - c <- PUBLISH: { properties: { userProperty: [[a, b], [c, d]], subscriptionIdentifier: [1, 2] } }
      - c <- PUBLISH: { qos: { oneOf: [0, 1] } }`),
    ["SUBACK reasons: 0x80 | 0x87", "PUBLISH qos: 0 | 1"],
  );
});
