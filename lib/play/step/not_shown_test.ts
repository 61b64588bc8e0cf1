import assert from "node:assert/strict";
import { brokerSuite, judge, referenceTarget, verdicts } from "../../conform/test_bench.ts";

Deno.test("a target that cannot show the behaviour is a skip with its reason, in an opening and a SHOULD case too", async () => {
  const notShown = "[c <- CONNACK, notShown: the target announces no limit of its own]";
  const judged = await judge(
    await brokerSuite(`
  - case: limited
    purpose: the limit MUST be kept
    steps:
      - c -> CONNECT
      - branch: [[c <- CONNACK: { reason: 5 }], ${notShown}]
      - c <- closed
  - case: advised
    purpose: the limit SHOULD be kept
    level: should
    steps:
      - c -> CONNECT
      - given: [branch: [[c <- CONNACK: { reason: 5 }], ${notShown}]]
      - c <- closed
  - case: shown
    purpose: the client MUST be accepted
    steps:
      - c -> CONNECT
      - branch: [[c <- CONNACK: { reason: 0 }], ${notShown}]
`),
    referenceTarget(),
  );
  const skipped = "skip: not shown: the target announces no limit of its own";
  assert.deepEqual(verdicts(judged), { limited: skipped, advised: skipped, shown: "pass" });
});
