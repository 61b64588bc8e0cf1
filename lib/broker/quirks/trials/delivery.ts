import type { Property } from "../../../mqtt/packet.ts";
import { TestClient } from "../../test_client.ts";
import { type Play, publish } from "../../trials/trial.ts";
import { type QuirkTrial, trial } from "./trial.ts";

/** An offline client gets a QoS 0 message. */
const offline: Play = async (port) => {
  await using away = await TestClient.connect(port, "a", { cleanStart: false });
  await away.subscribe("t", 1);
  await away.leave();
  await using publisher = await TestClient.connect(port, "b");
  await publisher.publish("t", "p");
  await using back = await TestClient.connect(port, "a", { cleanStart: false });
  return await back.leave();
};

/** A client with Receive Maximum 1 gets a message at QoS 1 and one at QoS 0; then it acknowledges. */
const full: Play = async (port) => {
  const properties: Property[] = [{ name: "receiveMaximum", value: 1 }];
  await using subscriber = await TestClient.connect(port, "a", { properties }, "5.0");
  await subscriber.subscribe("t", 1);
  await using publisher = await TestClient.connect(port, "b", {}, "5.0");
  await publisher.publish("t", "1", { qos: 1, packetId: 1 });
  await publisher.publish("t", "2");
  await subscriber.send({ type: "PINGREQ" }, { type: "PUBACK", packetId: 1 });
  return await subscriber.leave();
};

/** Three messages arrive, the first is acknowledged, a fourth arrives; returns the packet ids before and after PUBACK. */
const ids: Play = async (port) => {
  await using subscriber = await TestClient.connect(port, "a");
  await subscriber.subscribe("t", 1);
  await using publisher = await TestClient.connect(port, "b");
  for (let n = 0; n < 3; n++) await publisher.publish("t", "", { qos: 1, packetId: 1 });
  const taken = [idOf(await subscriber.next())];
  await subscriber.send({ type: "PUBACK", packetId: Number(taken[0]) }, { type: "PINGREQ" });
  for (let got = await subscriber.next(); got !== "PINGRESP"; got = await subscriber.next()) {
    taken.push(idOf(got));
  }
  await publisher.publish("t", "", { qos: 1, packetId: 1 });
  return `${taken.join(" ")}; ${idOf(await subscriber.leave())}`;
};

function idOf(arrival: string): string {
  return /id=(\d+)/.exec(arrival)?.[1] ?? "none";
}

/** Twenty large messages are retained; returns how many a subscription at QoS 0 gets. */
const large: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  for (let n = 0; n < 20; n++) await client.publish(`r/${n}`, "x".repeat(8_000), { retain: true });
  await client.subscribe("r/#");
  return `${(await client.leave()).split(", ").length} came`;
};

/** Messages at two topics in turn, for a client that accepts one alias. */
const aliases: Play = async (port) => {
  const properties: Property[] = [{ name: "topicAliasMaximum", value: 1 }];
  await using client = await TestClient.connect(port, "a", { properties }, "5.0");
  await client.subscribe("+");
  await client.send(publish("t", "1"), publish("t", "2"), publish("u", "3"), publish("t", "4"));
  return await client.leave();
};

/** A message stays unacknowledged for a while. */
const unanswered: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.subscribe("t", 1);
  await client.publish("t", "p", { qos: 1, packetId: 1 });
  await client.next();
  return await client.next(4_000);
};

export const DELIVERY_TRIALS: readonly QuirkTrial[] = [
  trial("qos0-queued-offline", offline, "", 'PUBLISH q0 "t" "p"'),
  trial(
    "qos0-waits-its-turn",
    full,
    'PUBLISH q1 id=1 "t" "1", PUBLISH q0 "t" "2", PINGRESP',
    'PUBLISH q1 id=1 "t" "1", PINGRESP, PUBLISH q0 "t" "2"',
  ),
  trial(
    "qos0-dropped-when-full",
    full,
    'PUBLISH q1 id=1 "t" "1", PUBLISH q0 "t" "2", PINGRESP',
    'PUBLISH q1 id=1 "t" "1", PINGRESP',
  ),
  trial("qos0-dropped-when-slow", large, "20 came", "9 came"),
  trial("in-flight-1", ids, "1 2 3; 4", "1 2; none"),
  trial("in-flight-2", ids, "1 2 3; 4", "1 2 3; none"),
  trial(
    "uses-topic-aliases",
    aliases,
    'PUBLISH q0 "t" "1", PUBLISH q0 "t" "2", PUBLISH q0 "u" "3", PUBLISH q0 "t" "4"',
    'PUBLISH q0 "t" "1" {topicAlias=1}, PUBLISH q0 "" "2" {topicAlias=1}, PUBLISH q0 "u" "3" {topicAlias=1}, PUBLISH q0 "t" "4" {topicAlias=1}',
  ),
  trial("packet-ids-lowest", ids, "1 2 3; 4", "1 2 3; 1"),
  trial("packet-ids-descending", ids, "1 2 3; 4", "65535 65534 65533; 65532"),
  trial("packet-ids-random", ids, "1 2 3; 4", "41096 180 34567; 64294"),
  trial("resends-on-the-connection", unanswered, "nothing", 'PUBLISH q1 id=1 dup "t" "p"'),
];
