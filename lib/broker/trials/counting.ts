import type { Draft } from "../../mqtt/packet.ts";
import { TestClient } from "../test_client.ts";
import { type Play, publish, type Trial, trial } from "./trial.ts";

const KEPT = { cleanStart: false };
const from1 = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

/** Returns how many PUBLISH packets a text of arrivals has. */
const publishes = (text: string) => String(text.split("PUBLISH").length - 1);

/** This many messages are retained; returns how many of them a new subscription gets. */
const retained = (count: number): Play => async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.send(...from1(count).map((at) => publish(`t/${at}`, "p", 0, { retain: true })));
  await client.subscribe("t/+");
  return publishes(await client.leave());
};

/** This many messages wait for a client; returns how many arrive. */
const queued = (count: number): Play => async (port) => {
  await using before = await TestClient.connect(port, "sub", KEPT);
  await before.subscribe("t", 1);
  await before.leave();
  await using publisher = await TestClient.connect(port, "pub");
  await publisher.send(...from1(count).map(() => publish("t", "p", 1)));
  await publisher.leave();
  await using after = await TestClient.connect(port, "sub", KEPT);
  return publishes(await after.leave());
};

/** A client subscribes to this many filters; returns how many of the messages for each arrive. */
const subscribed = (count: number): Play => async (port) => {
  await using client = await TestClient.connect(port, "a");
  const subscriptions = from1(count).map((at) => ({ filter: `t/${at}`, qos: 0 as const }));
  const subscribe: Draft = { type: "SUBSCRIBE", packetId: 1, subscriptions };
  await client.send(subscribe, ...from1(count).map((at) => publish(`t/${at}`, "p")));
  return publishes(await client.leave());
};

/** This many messages are sent and not acknowledged; returns how many arrive. */
const inFlight = (count: number): Play => async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.subscribe("t", 1);
  await client.send(...from1(count).map(() => publish("t", "p", 1)));
  return publishes(await client.leave());
};

/** This many QoS 2 messages are not released, and the first is sent again; returns how many arrive. */
const unreleased = (count: number): Play => async (port) => {
  await using subscriber = await TestClient.connect(port, "sub");
  await subscriber.subscribe("t");
  await using publisher = await TestClient.connect(port, "pub");
  const all = from1(count).map((packetId) => publish("t", "p", 2, { packetId }));
  await publisher.send(...all, publish("t", "p", 2, { packetId: 1, dup: true }));
  await publisher.leave();
  return publishes(await subscriber.leave());
};

/** A session is resumed this often; returns what its client gets then. */
const resumed = (times: number): Play => async (port) => {
  await using first = await TestClient.connect(port, "a", KEPT);
  await first.subscribe("t");
  await first.leave();
  for (let time = 1; time < times; time++) {
    await using client = await TestClient.connect(port, "a", KEPT);
    await client.leave();
  }
  await using last = await TestClient.connect(port, "a", KEPT);
  await last.send(publish("t", "p"));
  return await last.leave();
};

export const COUNTING_TRIALS: readonly Trial[] = [
  trial("retained-at-most-120", retained(130), "130", "120"),
  trial("queue-counted-in-a-byte", queued(300), "300", "255"),
  trial("subscriptions-at-most-200", subscribed(210), "210", "200"),
  trial("packet-ids-at-most-128", inFlight(130), "130", "128"),
  trial("handshakes-at-most-64", unreleased(70), "70", "71"),
  trial("session-worn-out", resumed(100), 'PUBLISH q0 "t" "p"', ""),
];
