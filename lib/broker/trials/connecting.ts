import type { Draft } from "../../mqtt/packet.ts";
import { type ConnectFields, connectPacket, TestClient } from "../test_client.ts";
import { connects, type Play, publish, sends, type Trial, trial } from "./trial.ts";

const idOf = (length: number, letter = "a") => letter.repeat(length);

/** Two clients connect without a client id; the first pings once the second is connected. */
const twoWithoutId: Play = async (port) => {
  await using first = await TestClient.connect(port, "");
  await using second = await TestClient.connect(port, "");
  await first.send({ type: "PINGREQ" });
  return `${await first.leave()}, ${second.connack}`;
};

const pingFirst: Play = async (port) => {
  await using client = await TestClient.open(port);
  await client.send({ type: "PINGREQ" }, connectPacket("3.1.1", { clientId: "a" }));
  return await client.leave();
};

/** A CONNECT of no bytes, then a correct one. */
const connectTwice: Play = async (port) => {
  await using client = await TestClient.open(port);
  const unreadable = connectPacket("3.1.1", { wire: { body: new Uint8Array() } });
  await client.send(unreadable, connectPacket("3.1.1", { clientId: "a" }));
  return await client.leave();
};

/** A message arrives for a kept session while its client is offline. */
const connackAndQueue: Play = async (port) => {
  await using before = await TestClient.connect(port, "sub", { cleanStart: false });
  await before.subscribe("t", 1);
  await before.leave();
  await using publisher = await TestClient.connect(port, "pub");
  await publisher.send(publish("t", "p", 1));
  await publisher.leave();
  await using after = await TestClient.connect(port, "sub", { cleanStart: false });
  return `${after.connack}, ${await after.leave()}`;
};

/** A client with a will does something; returns what reaches a subscriber, then what a later one finds retained. */
const wills =
  (will: ConnectFields["will"], act: (client: TestClient, port: number) => Promise<unknown>): Play =>
  async (port) => {
    await using watcher = await TestClient.connect(port, "watcher");
    await watcher.subscribe("will", 2);
    await using client = await TestClient.connect(port, "a", { will });
    await act(client, port);
    await using later = await TestClient.connect(port, "later");
    await later.subscribe("will");
    return `${await watcher.leave()}; ${await later.leave()}`;
  };

const WILL = { topic: "will", payload: "gone", qos: 1, retain: false };
const DISCONNECT: Draft = { type: "DISCONNECT" };

/** Breaks the protocol to make sure that the connection ends before the next step. */
const breaks = async (client: TestClient) => {
  await client.send({ type: "PINGRESP" });
  await client.untilClosed();
};

const leaves = async (client: TestClient) => {
  await client.send(DISCONNECT);
  await client.untilClosed();
};

const isTakenOver = async (client: TestClient, port: number) => {
  await using newer = await TestClient.connect(port, "a");
  await client.untilClosed();
  await newer.leave();
};

/** A kept session with a will that is removed, then a connection without a will that breaks. */
const laterWithoutWill: Play = async (port) => {
  await using watcher = await TestClient.connect(port, "watcher");
  await watcher.subscribe("will", 2);
  await using first = await TestClient.connect(port, "a", { will: WILL, cleanStart: false });
  await leaves(first);
  await using second = await TestClient.connect(port, "a", { cleanStart: false });
  await breaks(second);
  return await watcher.leave();
};

const leavesWrongly = async (client: TestClient) => {
  await client.send({ ...DISCONNECT, wire: { flags: 1 } });
  await client.untilClosed();
};

export const CONNECT_TRIALS: readonly Trial[] = [
  trial("wrong-protocol-name-accepted", connects({ protocolName: "MQTX" }), "", "CONNACK 0, PINGRESP"),
  trial("unsupported-level-accepted", connects({ protocolLevel: 9 }), "CONNACK 1", "CONNACK 0, PINGRESP"),
  trial("unsupported-level-silent", connects({ protocolLevel: 9 }), "CONNACK 1", ""),
  trial("refusal-wrong-code", connects({ protocolLevel: 9 }), "CONNACK 1", "CONNACK 5"),
  trial(
    "refusal-session-present",
    connects({ protocolLevel: 9 }),
    "CONNACK 1",
    "CONNACK 1 session-present !session-present-with-error",
  ),
  trial(
    "refused-not-closed",
    connects({ cleanStart: false }, "3.1.1", "", 300),
    "CONNACK 2",
    "CONNACK 2, still open",
  ),
  trial(
    "empty-id-with-state-accepted",
    connects({ cleanStart: false }, "3.1.1", ""),
    "CONNACK 2",
    "CONNACK 0, PINGRESP",
  ),
  trial("empty-id-refused", connects({}, "3.1.1", ""), "CONNACK 0, PINGRESP", "CONNACK 2"),
  trial("empty-id-shared", twoWithoutId, "PINGRESP, CONNACK 0", ", CONNACK 0"),
  trial("id-over-20-refused", connects({}, "3.1.1", idOf(23)), "CONNACK 0, PINGRESP", "CONNACK 2"),
  trial("id-with-capitals-refused", connects({}, "3.1.1", idOf(3, "A")), "CONNACK 0, PINGRESP", "CONNACK 2"),
  trial(
    "reserved-connect-flag-tolerated",
    connects({ wire: { connectFlags: 0x03 } }),
    "",
    "CONNACK 0, PINGRESP",
  ),
  trial(
    "will-flags-without-will-tolerated",
    connects({ wire: { connectFlags: 0x2a } }),
    "",
    "CONNACK 0, PINGRESP",
  ),
  trial(
    "password-without-user-name-tolerated",
    connects({ password: "p", wire: { connectFlags: 0x42 } }),
    "",
    "CONNACK 0, PINGRESP",
  ),
  trial(
    "trailing-bytes-tolerated",
    connects({ wire: { append: Uint8Array.of(1) } }),
    "",
    "CONNACK 0, PINGRESP",
  ),
  trial("unreadable-connect-ignored", connectTwice, "", "CONNACK 0"),
  trial("second-connect-tolerated", sends(connectPacket("3.1.1", { clientId: "a" })), "", "PINGRESP"),
  trial(
    "second-connect-answered",
    sends(connectPacket("3.1.1", { clientId: "a" })),
    "",
    "CONNACK 0, PINGRESP",
  ),
  trial("first-packet-not-connect-tolerated", pingFirst, "", "CONNACK 0"),
  trial(
    "connack-late",
    connackAndQueue,
    'CONNACK 0 session-present, PUBLISH q1 id=1 "t" "p"',
    'PUBLISH q1 id=1 "t" "p", CONNACK 0 session-present',
  ),
  trial("will-lost", wills(WILL, breaks), 'PUBLISH q1 id=1 "will" "gone"; ', "; "),
  trial("will-after-disconnect", wills(WILL, leaves), "; ", 'PUBLISH q1 id=1 "will" "gone"; '),
  trial("will-lost-on-protocol-error", wills(WILL, breaks), 'PUBLISH q1 id=1 "will" "gone"; ', "; "),
  trial("will-lost-on-takeover", wills(WILL, isTakenOver), 'PUBLISH q1 id=1 "will" "gone"; ', "; "),
  trial("will-not-removed", laterWithoutWill, "", 'PUBLISH q1 id=1 "will" "gone"'),
  trial("disconnect-flags-tolerated", wills(WILL, leavesWrongly), 'PUBLISH q1 id=1 "will" "gone"; ', "; "),
  trial(
    "will-doubled",
    wills(WILL, breaks),
    'PUBLISH q1 id=1 "will" "gone"; ',
    'PUBLISH q1 id=1 "will" "gone", PUBLISH q1 id=2 "will" "gone"; ',
  ),
  trial(
    "will-never-retained",
    wills({ ...WILL, retain: true }, breaks),
    'PUBLISH q1 id=1 "will" "gone"; PUBLISH q0 retain "will" "gone"',
    'PUBLISH q1 id=1 "will" "gone"; ',
  ),
  trial(
    "will-always-retained",
    wills(WILL, breaks),
    'PUBLISH q1 id=1 "will" "gone"; ',
    'PUBLISH q1 id=1 "will" "gone"; PUBLISH q0 retain "will" "gone"',
  ),
  trial("will-at-qos0", wills(WILL, breaks), 'PUBLISH q1 id=1 "will" "gone"; ', 'PUBLISH q0 "will" "gone"; '),
  trial(
    "will-payload-cut",
    wills(WILL, breaks),
    'PUBLISH q1 id=1 "will" "gone"; ',
    'PUBLISH q1 id=1 "will" "gon"; ',
  ),
];
