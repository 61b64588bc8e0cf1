import { type ConnectFields, connectPacket, TestClient } from "../test_client.ts";
import { type Play, publish, sendsBytes, type Trial, trial } from "./trial.ts";

const KEPT = { cleanStart: false };
const WILL = { topic: "will", payload: "gone", qos: 0, retain: false };
const encoder = new TextEncoder();

/** A kept session that subscribes, then ends in a given way; returns what its client receives when it is back. */
const ends =
  (end: (client: TestClient, port: number) => Promise<unknown>, filter = "t"): Play => async (port) => {
    await using before = await TestClient.connect(port, "a", KEPT);
    await before.subscribe(filter);
    await end(before, port);
    await using after = await TestClient.connect(port, "a", KEPT);
    await after.send(publish("t", "p"));
    return `${after.connack}, ${await after.leave()}`;
  };

const leaves = (client: TestClient) => client.leave();

const breaks = async (client: TestClient) => {
  await client.send({ type: "PINGRESP" });
  await client.untilClosed();
};

const isTakenOver = async (client: TestClient, port: number) => {
  await using newer = await TestClient.connect(port, "a", KEPT);
  await client.untilClosed();
  await newer.leave();
};

/** Ends the stream; another conversation makes sure that the broker has noticed. */
const isCut = async (client: TestClient, port: number) => {
  client.drop();
  await using watcher = await TestClient.connect(port, "watcher");
  await watcher.leave();
};

/** A client with a will is cut; returns what a watcher gets. */
const cutWith = (will: NonNullable<ConnectFields["will"]>): Play => async (port) => {
  await using watcher = await TestClient.connect(port, "watcher");
  await watcher.subscribe("will");
  await using client = await TestClient.connect(port, "a", { will });
  await isCut(client, port);
  return (await watcher.leave()).slice(-20);
};

/** Two messages in one segment, then one in two. */
const inSegments: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.subscribe("t");
  await client.send(publish("t", "1"), publish("t", "2"));
  const first = await client.next(300);
  const second = await client.next(300);
  return `${first}, ${second}`;
};

const inPieces: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.sendBytes(Uint8Array.of(0xc0));
  // Another conversation makes sure that the broker has read the first piece.
  await using other = await TestClient.connect(port, "b");
  await other.leave();
  await client.sendBytes(Uint8Array.of(0x00));
  return await client.next(300);
};

const unfinished: Play = async (port) => {
  await using watcher = await TestClient.connect(port, "watcher");
  await watcher.subscribe("t");
  await using client = await TestClient.connect(port, "a");
  await client.sendBytes(Uint8Array.of(0x30, 0x10, 0x00, 0x01, ...encoder.encode("tpart")));
  await isCut(client, port);
  return await watcher.leave();
};

const pingsAfterDisconnect: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.send({ type: "DISCONNECT" }, { type: "PINGREQ" });
  return await client.next(1000);
};

const connectsAs = (fields: ConnectFields): Play => async (port) => {
  await using client = await TestClient.open(port);
  await client.send(connectPacket("3.1.1", { clientId: "a", ...fields }), { type: "DISCONNECT" });
  return await client.untilClosed();
};

const KEPT_ON = 'CONNACK 0 session-present, PUBLISH q0 "t" "p"';

export const LASTING_TRIALS: readonly Trial[] = [
  trial("session-lost-on-disconnect", ends(leaves), KEPT_ON, "CONNACK 0, "),
  trial("session-lost-on-protocol-error", ends(breaks), KEPT_ON, "CONNACK 0, "),
  trial("session-lost-on-cut", ends(isCut), KEPT_ON, "CONNACK 0, "),
  trial("session-lost-on-takeover", ends(isTakenOver), KEPT_ON, "CONNACK 0 session-present, "),
  trial("wildcard-subscriptions-lost", ends(isCut, "+"), KEPT_ON, "CONNACK 0 session-present, "),
  trial("will-lost-on-cut", cutWith(WILL), 'PUBLISH q0 "will" "gone"'.slice(-20), ""),
  trial("unfinished-packet-read", unfinished, "", 'PUBLISH q0 "t" "part"'),
  trial(
    "one-packet-per-segment",
    inSegments,
    'PUBLISH q0 "t" "1", PUBLISH q0 "t" "2"',
    'PUBLISH q0 "t" "1", nothing',
  ),
  trial("split-packet-lost", inPieces, "PINGRESP", "nothing"),
  trial("disconnect-keeps-open", pingsAfterDisconnect, "closed", "PINGRESP"),
  trial(
    "acknowledgment-flags-tolerated",
    sendsBytes(0x71, 0x02, 0x00, 0x01),
    "",
    "PINGRESP",
  ),
  trial(
    "any-protocol-accepted",
    connectsAs({ protocolName: "MQIsdp", protocolLevel: 9 }),
    "",
    "CONNACK 0",
  ),
];
