import { connectPacket, TestClient } from "../test_client.ts";
import { type Play, publish, type Trial, trial } from "./trial.ts";

const KEPT = { cleanStart: false };
const WILL = { topic: "will", payload: "gone", qos: 0, retain: false };

/** A kept session is left with an unreleased QoS 2 message; then `then` gets a clean session of the same client. */
const afterKept = (then: (client: TestClient, port: number) => Promise<string>): Play => async (port) => {
  await using before = await TestClient.connect(port, "a", KEPT);
  await before.publish("other", "open", { qos: 2, packetId: 7 });
  await before.leave();
  await using after = await TestClient.connect(port, "a", { will: WILL });
  return await then(after, port);
};

/** The clean session subscribes and publishes to itself. */
const subscribes = afterKept(async (client) => {
  await client.subscribe("t");
  await client.send(publish("t", "p"));
  return await client.leave();
});

/** The clean session publishes at `qos` to another client. */
const publishes = (qos: 1 | 2): Play =>
  afterKept(async (client, port) => {
    await using subscriber = await TestClient.connect(port, "sub");
    await subscriber.subscribe("t");
    await client.publish("t", "p", { qos, packetId: 7 });
    return await subscriber.leave();
  });

/** The clean session ends its connection without DISCONNECT. */
const breaks = afterKept(async (client, port) => {
  await using subscriber = await TestClient.connect(port, "sub");
  await subscriber.subscribe("will");
  client.drop();
  return await subscriber.next(1_000);
});

/** A kept session replaces a clean one, subscribes, disconnects, and is back after a message was published. */
const comesBack: Play = async (port) => {
  await using clean = await TestClient.connect(port, "a");
  await clean.leave();
  await using before = await TestClient.open(port);
  await before.send(connectPacket("3.1.1", { clientId: "a", ...KEPT }));
  await before.next();
  await before.subscribe("t", 1);
  await before.leave();
  await using publisher = await TestClient.connect(port, "pub");
  await publisher.publish("t", "meanwhile", { qos: 1, packetId: 1 });
  await publisher.leave();
  await using after = await TestClient.connect(port, "a", KEPT);
  await after.send(publish("t", "live"));
  return await after.leave();
};

export const REPLACING_TRIALS: readonly Trial[] = [
  trial("replacement-gets-nothing", subscribes, 'PUBLISH q0 "t" "p"', ""),
  trial("replacement-publishes-nothing", publishes(1), 'PUBLISH q0 "t" "p"', ""),
  trial("replacement-inherits-handshakes", publishes(2), 'PUBLISH q0 "t" "p"', ""),
  trial("replacement-has-no-will", breaks, 'PUBLISH q0 "will" "gone"', "nothing"),
  trial(
    "replacement-stores-nothing",
    comesBack,
    'PUBLISH q1 id=1 "t" "meanwhile", PUBLISH q0 "t" "live"',
    'PUBLISH q0 "t" "live"',
  ),
  trial(
    "replacement-loses-subscriptions",
    comesBack,
    'PUBLISH q1 id=1 "t" "meanwhile", PUBLISH q0 "t" "live"',
    "",
  ),
];
