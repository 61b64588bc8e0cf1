import assert from "node:assert/strict";
import { brokerSuite, judge, referenceTarget, verdicts } from "../../conform/test_bench.ts";

Deno.test("a counted list makes its items, each with its number", async () => {
  const suite = await brokerSuite(`
  - case: counted
    purpose: each MUST be granted and delivered
    use: { connected: { lane: c } }
    steps:
      - c -> SUBSCRIBE: { packetId: 5, subscriptions: { each: { filter: $topic/$i, qos: 0 }, times: 30, as: i } }
      - c <- SUBACK: { packetId: 5, reasons: { each: 0, times: 30 } }
      - c -> packets: { each: { PUBLISH: { topic: $topic/$n, payload: "no. $n" } }, times: 30, as: n }
      - repeat: { times: 30, as: i, steps: [c <- PUBLISH: { topic: $topic/$i, payload: "no. $i" }] }
      - c -> UNSUBSCRIBE: { packetId: 6, filters: { each: $topic/$i, times: 30, as: i } }
      - c <- UNSUBACK: { packetId: 6 }
      - c <- nothing
`);
  assert.deepEqual(verdicts(await judge(suite)), { counted: "pass" });
  const one = await judge(suite, referenceTarget(["suback-one-code"]));
  assert.match(verdicts(one).counted ?? "", /^fail: SUBACK .* breaks MQTT-3\.8\.4-5: /);
});
