import type { Draft, ProtocolVersion } from "../../mqtt/packet.ts";
import { type ConnectFields, connectPacket, TestClient } from "../test_client.ts";
import { connects, type Play, publish, relays, type Trial, trial } from "./trial.ts";

/** Two clients connect; returns whether the first is still connected once the second is. */
const both = (first: string, second: string): Play => async (port) => {
  await using older = await TestClient.connect(port, first);
  await using newer = await TestClient.connect(port, second);
  await older.send({ type: "PINGREQ" });
  await newer.leave();
  return await older.leave();
};

/** Sends a CONNECT for the client id "a" that is refused. */
async function isRefused(port: number): Promise<void> {
  const will = { topic: "will", payload: "gone", qos: 0, retain: false };
  await using client = await TestClient.open(port);
  await client.send(connectPacket("3.1.1", { clientId: "a", will, wire: { connectFlags: 0x07 } }));
  await client.untilClosed();
}

const refusedMeanwhile: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  await isRefused(port);
  await client.send({ type: "PINGREQ" });
  return await client.leave();
};

const refusedBetween: Play = async (port) => {
  await using before = await TestClient.connect(port, "a", { cleanStart: false });
  await before.leave();
  await isRefused(port);
  await using after = await TestClient.connect(port, "a", { cleanStart: false });
  return after.connack;
};

const refusedWithWill: Play = async (port) => {
  await using watcher = await TestClient.connect(port, "watcher");
  await watcher.subscribe("will");
  await isRefused(port);
  return await watcher.leave();
};

const message = (topic: string): Draft => publish(topic, "p");
const in31 = (fields: ConnectFields, clientId: string): Play =>
  connects(fields, "3.1" satisfies ProtocolVersion, clientId);
const longText = "x".repeat(20_000);

export const IDENTITY_TRIALS: readonly Trial[] = [
  trial("client-id-case-folded", both("a", "A"), "PINGRESP", ""),
  trial("client-id-cut-to-22", both(`${"a".repeat(22)}b`, `${"a".repeat(22)}c`), "PINGRESP", ""),
  trial("long-id-accepted-in-3-1", in31({}, "a".repeat(24)), "CONNACK 2", "CONNACK 0, PINGRESP"),
  trial("empty-id-accepted-in-3-1", in31({}, ""), "CONNACK 2", "CONNACK 0, PINGRESP"),
  trial("long-id-cut-off", connects({}, "3.1.1", "a".repeat(65_535)), "CONNACK 0, PINGRESP", ""),
  trial("long-credentials-cut-off", connects({ userName: longText }), "CONNACK 0, PINGRESP", ""),
  trial(
    "protocol-name-not-read",
    connects({ protocolName: Uint8Array.of(0x4d, 0x51, 0x54, 0xff) }),
    "",
    "CONNACK 0, PINGRESP",
  ),
  trial("refused-connect-takes-over", refusedMeanwhile, "PINGRESP", ""),
  trial("refused-connect-drops-session", refusedBetween, "CONNACK 0 session-present", "CONNACK 0"),
  trial("refused-connect-leaves-will", refusedWithWill, "", 'PUBLISH q0 "will" "gone"'),
  trial(
    "control-characters-dropped",
    relays("#", message("a\u{1}b")),
    'PUBLISH q0 "a\\u0001b" "p"',
    'PUBLISH q0 "ab" "p"',
  ),
  trial(
    "non-characters-replaced",
    relays("#", message("a\u{ffff}")),
    'PUBLISH q0 "a\u{ffff}" "p"',
    'PUBLISH q0 "a\u{fffd}" "p"',
  ),
  trial(
    "four-byte-characters-replaced",
    relays("#", message("a\u{1f600}")),
    'PUBLISH q0 "a\u{1f600}" "p"',
    'PUBLISH q0 "a?" "p"',
  ),
  trial("feff-dropped", relays("ab", message("a\u{feff}b")), "", 'PUBLISH q0 "ab" "p"'),
];
