import { TestClient } from "../test_client.ts";
import { type Play, publish, type Trial, trial } from "./trial.ts";

const KEPT = { cleanStart: false };
const encoder = new TextEncoder();

/** A CONNECT of client "a" that lacks the user name that its flags announce. */
const WRONG_CONNECT = Uint8Array.of(0x10, 13, 0, 4, ...encoder.encode("MQTT"), 4, 0x82, 0, 0, 0, 1, 0x61);

async function connectsWrongly(port: number): Promise<void> {
  await using wrong = await TestClient.open(port);
  await wrong.sendBytes(WRONG_CONNECT);
  await wrong.untilClosed();
}

/** A message waits for a client, and another one is in flight; then a CONNECT with its client id is refused. */
const leavesMessages: Play = async (port) => {
  await using before = await TestClient.connect(port, "a", KEPT);
  await before.subscribe("t", 1);
  await using publisher = await TestClient.connect(port, "pub");
  await publisher.publish("t", "in flight", { qos: 1, packetId: 1 });
  await before.take(1);
  await before.leave();
  await publisher.publish("t", "waiting", { qos: 1, packetId: 2 });
  await connectsWrongly(port);
  await using after = await TestClient.connect(port, "a", KEPT);
  return await after.leave();
};

/** Sends a SUBSCRIBE with QoS 3 for its second filter; returns what the session receives then. */
const subscribesWrongly: Play = async (port) => {
  await using before = await TestClient.connect(port, "a", KEPT);
  await before.sendBytes(Uint8Array.of(0x82, 10, 0, 1, 0, 1, 0x61, 0, 0, 1, 0x62, 3));
  await before.untilClosed();
  await using after = await TestClient.connect(port, "a", KEPT);
  await after.send(publish("a", "p"));
  return await after.leave();
};

const BOTH = 'PUBLISH q1 id=1 dup "t" "in flight", PUBLISH q1 id=2 "t" "waiting"';

/** Trials of refusals by a broker that denies nothing; `denied_test.ts` has the others. */
export const REFUSING_TRIALS: readonly Trial[] = [
  trial("refused-connect-drops-queue", leavesMessages, BOTH, 'PUBLISH q1 id=1 dup "t" "in flight"'),
  trial("refused-connect-forgets-handshakes", leavesMessages, BOTH, 'PUBLISH q1 id=2 "t" "waiting"'),
  trial("wrong-packet-carried-out", subscribesWrongly, "", 'PUBLISH q0 "a" "p"'),
];
