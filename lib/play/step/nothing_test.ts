import assert from "node:assert/strict";
import { brokerSuite, judge, verdicts } from "../../conform/test_bench.ts";

Deno.test("wait and nothing within are waits, and what comes meanwhile is a failure", async () => {
  const suite = await brokerSuite(`
  - case: quiet
    purpose: the broker MUST stay quiet before CONNECT
    steps:
      - open: c
      - c <- nothing: { within: 40ms }
      - wait: 10ms
      - c -> CONNECT
      - c <- CONNACK
  - case: loud
    purpose: the broker MUST stay quiet after CONNACK
    use: { connected: { lane: c } }
    steps:
      - c -> PINGREQ
      - c <- nothing: { within: 2s }
`);
  assert.deepEqual(verdicts(await judge(suite)), {
    quiet: "pass",
    loud: "fail: Unexpected PINGRESP, expected nothing",
  });
});
