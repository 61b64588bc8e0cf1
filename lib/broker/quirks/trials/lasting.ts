import type { Draft } from "../../../mqtt/packet.ts";
import { TestClient } from "../../test_client.ts";
import { type Play, publish } from "../../trials/trial.ts";
import { type QuirkTrial, subscribe, trial } from "./trial.ts";

/** One QoS 2 message is received, another is not; returns what a resumed session gets. */
const resumed: Play = async (port) => {
  await using first = await TestClient.connect(port, "a", { cleanStart: false });
  await first.subscribe("t", 2);
  await using publisher = await TestClient.connect(port, "b");
  await publisher.send(publish("t", "1", 2), publish("t", "2", 2, { packetId: 8 }));
  await publisher.leave();
  await first.send({ type: "PUBREC", packetId: 1 });
  await first.leave();
  await using second = await TestClient.connect(port, "a", { cleanStart: false });
  return await second.leave();
};

/** A client with a will breaks the protocol; returns whether the will or an answer to PINGREQ comes first. */
const will: Play = async (port) => {
  await using watcher = await TestClient.connect(port, "watcher");
  await watcher.subscribe("will");
  await using client = await TestClient.connect(port, "a", { will: { topic: "will", payload: "gone" } });
  await client.send({ type: "PINGRESP" });
  await client.untilClosed();
  await watcher.send({ type: "PINGREQ" });
  return await watcher.take(2);
};

const PINGREQ: Draft = { type: "PINGREQ" };

/** A client sends this, then PINGREQ, and waits for all answers. */
const before = (...drafts: readonly Draft[]): Play => async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.send(...drafts, PINGREQ);
  return await client.take(drafts.length + 1);
};

/** A client receives its own message. */
const toItself: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.subscribe("t", 2);
  await client.send(publish("t", "p", 0), PINGREQ);
  return await client.take(2);
};

/** A client has received a QoS 2 message. */
const completed: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.subscribe("t", 2);
  await client.send(publish("t", "p", 2));
  await client.take(2);
  await client.send({ type: "PUBREC", packetId: 1 }, PINGREQ);
  return await client.take(2);
};

/** Nothing arrives this early. */
const early = (ms: number): Play => async (port) => {
  await using client = await TestClient.open(port);
  await client.send({ type: "CONNECT", clientId: "a", keepAlive: 0 });
  return `${await client.next(ms)}, ${await client.next()}`;
};

/** Messages at three topics in turn, twice; returns the order in which they arrive. */
const severalTopics: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.subscribe("+");
  await client.send(...["0", "1"].flatMap((n) => ["a", "b", "c"].map((topic) => publish(topic, n))));
  return (await client.take(6)).replaceAll(/PUBLISH q0 "(.)" "(.)"/g, "$1$2").replaceAll(",", "");
};

/** Messages at each QoS in turn, twice; returns the order in which they arrive. */
const severalQos: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.subscribe("t", 2);
  await using publisher = await TestClient.connect(port, "b");
  for (const packetId of [1, 2]) {
    await publisher.send(publish("t", "", 2, { packetId }), publish("t", "", 1), publish("t", ""));
  }
  await publisher.leave();
  return (await client.take(6)).replaceAll(/PUBLISH q(.)[^,]*,?/g, "$1");
};

export const LASTING_TRIALS: readonly QuirkTrial[] = [
  trial(
    "publishes-resent-first",
    resumed,
    'PUBREL id=1, PUBLISH q2 id=2 dup "t" "2"',
    'PUBLISH q2 id=2 dup "t" "2", PUBREL id=1',
  ),
  trial("will-late", will, 'PUBLISH q0 "will" "gone", PINGRESP', 'PINGRESP, PUBLISH q0 "will" "gone"'),
  trial("connack-late", early(200), undefined, "nothing, CONNACK 0"),
  trial(
    "acks-late",
    before(publish("t", "", 1), publish("t", "", 2)),
    "PUBACK id=7, PUBREC id=7, PINGRESP",
    "PINGRESP, PUBACK id=7, PUBREC id=7",
  ),
  trial(
    "suback-late",
    before(subscribe({ filter: "t" })),
    "SUBACK id=1 0, PINGRESP",
    "PINGRESP, SUBACK id=1 0",
  ),
  trial(
    "pingresp-late",
    before(PINGREQ, publish("t", "", 1)),
    "PINGRESP, PUBACK id=7, PINGRESP",
    "PUBACK id=7, PINGRESP, PINGRESP",
  ),
  trial("deliveries-late", toItself, 'PUBLISH q0 "t" "p", PINGRESP', 'PINGRESP, PUBLISH q0 "t" "p"'),
  trial("pubrel-late", completed, "PUBREL id=1, PINGRESP", "PINGRESP, PUBREL id=1"),
  trial(
    "acks-out-of-step",
    before(publish("t", "", 2), publish("t", "", 1)),
    "PUBREC id=7, PUBACK id=7, PINGRESP",
    "PUBACK id=7, PINGRESP, PUBREC id=7",
  ),
  trial("order-within-a-topic", severalTopics, "a0 b0 c0 a1 b1 c1", "c0 c1 a0 a1 b0 b1"),
  trial("order-within-a-qos", severalQos, "2 1 0 2 1 0", "0 0 1 1 2 2"),
  trial("round-trip-50ms", early(30), undefined, "nothing, CONNACK 0"),
  trial("round-trip-1500ms", early(700), undefined, "nothing, CONNACK 0"),
];
