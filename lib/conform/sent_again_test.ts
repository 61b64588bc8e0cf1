import assert from "node:assert/strict";
import type { Draft } from "../mqtt/packet.ts";
import { addressTarget, brokerSuite, chartOf, judge, verdicts } from "./test_bench.ts";
import { Played, polite } from "./test_broker.ts";

Deno.test("what a 3.1.1 broker resends while an answer is delayed is recorded and ignored", async () => {
  const pubrel: Draft = { type: "PUBREL", packetId: 9 };
  await using broker = new Played((packet) => {
    if (packet.type === "SUBSCRIBE") {
      const topic = packet.subscriptions[0]?.filter;
      const publish: Draft = { type: "PUBLISH", topic, qos: 2, packetId: 9, payload: "x" };
      return [...polite(packet), publish, { ...publish, dup: true }];
    }
    return packet.type === "PUBREC" ? [pubrel, pubrel] : polite(packet);
  });
  const judged = await judge(
    await brokerSuite(`
  - case: again
    purpose: a message MUST be delivered
    steps:
      - sub -> CONNECT: {}
      - sub <- CONNACK: { reason: 0 }
      - sub -> SUBSCRIBE: { packetId: 7, filter: $topic, qos: 2 }
      - sub <- SUBACK: { packetId: 7, reason: 2 }
      - sub <- PUBLISH: { topic: $topic, qos: 2, packetId: 9, dup: false }
      - sub -> PINGREQ
      - sub <- PINGRESP
      - sub -> PUBREC: { packetId: 9 }
      - sub <- PUBREL: { packetId: 9 }
      - sub -> PINGREQ
      - sub <- PINGRESP
      - sub -> PUBCOMP: { packetId: 9 }
`),
    addressTarget(broker.port),
  );
  assert.deepEqual(verdicts(judged), { again: "pass" });
  const texts = chartOf(judged, "again").filter(({ foreign }) => foreign).map(({ text }) =>
    text.split(" ")[0]
  );
  assert.deepEqual(texts, ["PUBLISH", "PUBREL"]);
});
