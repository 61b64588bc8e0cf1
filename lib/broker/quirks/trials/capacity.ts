import { TestClient } from "../../test_client.ts";
import { type Play, publish } from "../../trials/trial.ts";
import { type QuirkTrial, sends5, sendsAs, subscribe, trial } from "./trial.ts";

const DEEP = "1/2/3/4/5/6/7/8/9";
const LONG = "t".repeat(129);
const filters = (count: number) => Array.from({ length: count }, (_, n) => ({ filter: `f${n}` }));
const qos2 = (packetId: number) => publish("t", "", 2, { packetId });

/** Twelve messages arrive for an offline client. */
const queued: Play = async (port) => {
  await using away = await TestClient.connect(port, "a", { cleanStart: false });
  await away.subscribe("t", 1);
  await away.leave();
  await using publisher = await TestClient.connect(port, "b");
  for (let n = 0; n < 12; n++) await publisher.publish("t", String(n % 10), { qos: 1, packetId: 1 });
  await using back = await TestClient.connect(port, "a", { cleanStart: false });
  const came = await back.leave();
  return `${came.split(", ").length} came, the last ${came.at(-2)}`;
};

/** 300 retained messages are stored, and requested. */
const retained: Play = async (port) => {
  await using publisher = await TestClient.connect(port, "b");
  await publisher.send(...Array.from({ length: 300 }, (_, n) => publish(`r/${n}`, "p", 0, { retain: true })));
  await publisher.leave();
  await using subscriber = await TestClient.connect(port, "a");
  await subscriber.subscribe("r/#");
  return `${(await subscriber.leave()).split(", ").length} came`;
};

export const CAPACITY_TRIALS: readonly QuirkTrial[] = [
  trial(
    "topic-levels-8",
    sends5(subscribe({ filter: DEEP }), publish(DEEP, "", 1)),
    'SUBACK id=1 0, PUBLISH q0 "1/2/3/4/5/6/7/8/9" "", PUBACK id=7, PINGRESP',
    "SUBACK id=1 0x8f, PUBACK id=7 0x90, PINGRESP",
  ),
  trial(
    "topic-levels-8",
    sendsAs("3.1.1", {}, subscribe({ filter: DEEP }), publish(DEEP, "", 2)),
    'SUBACK id=1 0, PUBLISH q0 "1/2/3/4/5/6/7/8/9" "", PUBREC id=7, PINGRESP',
    "SUBACK id=1 0x80, PUBREC id=7, PINGRESP",
  ),
  trial(
    "topic-bytes-128",
    sends5(subscribe({ filter: LONG }), publish(LONG, "", 1)),
    'SUBACK id=1 0, PUBLISH q0 "tttttttttttttttttttttttttttttttttttttttt"… "", PUBACK id=7, PINGRESP',
    "SUBACK id=1 0x8f, DISCONNECT 0x90",
  ),
  trial(
    "filters-per-subscribe-4",
    sends5(subscribe(...filters(5))),
    "SUBACK id=1 0 0 0 0 0, PINGRESP",
    "SUBACK id=1 0 0 0 0 0x97, PINGRESP",
  ),
  trial(
    "subscriptions-8",
    sendsAs("3.1.1", {}, subscribe(...filters(5)), subscribe(...filters(9).slice(5))),
    "SUBACK id=1 0 0 0 0 0, SUBACK id=1 0 0 0 0, PINGRESP",
    "SUBACK id=1 0 0 0 0 0, SUBACK id=1 0 0 0 0x80, PINGRESP",
  ),
  trial(
    "packet-size-1024",
    sendsAs(
      "3.1.1",
      {},
      publish("t", "x".repeat(1_018)),
      publish("t", "", 1),
      publish("t", "x".repeat(1_019)),
    ),
    "PUBACK id=7, PINGRESP",
    "PUBACK id=7",
  ),
  trial(
    "receive-window-5",
    sendsAs("3.1.1", {}, ...[1, 2, 3, 4, 5, 6].map(qos2)),
    "PUBREC id=1, PUBREC id=2, PUBREC id=3, PUBREC id=4, PUBREC id=5, PUBREC id=6, PINGRESP",
    "PUBREC id=1, PUBREC id=2, PUBREC id=3, PUBREC id=4, PUBREC id=5",
  ),
  trial("queued-messages-10", queued, "12 came, the last 1", "10 came, the last 9"),
  trial("queued-messages-10-newest", queued, "12 came, the last 1", "10 came, the last 1"),
  trial("retained-messages-200", retained, "300 came", "198 came"),
];
