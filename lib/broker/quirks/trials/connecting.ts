import type { Property } from "../../../mqtt/packet.ts";
import { connectPacket, TestClient } from "../../test_client.ts";
import type { Play } from "../../trials/trial.ts";
import { type QuirkTrial, sends5, trial, verdict } from "./trial.ts";

/** Returns the bytes that answer a CONNECT. */
const answer = (fields: Parameters<typeof connectPacket>[1]): Play => async (port) => {
  await using client = await TestClient.open(port);
  await client.send(connectPacket("3.1.1", { clientId: "a", ...fields }));
  return `${await client.hex()}, ${await client.hex()}`;
};

const METHOD: Property = { name: "authenticationMethod", value: "x" };

const takenOver: Play = async (port) => {
  await using older = await TestClient.connect(port, "a", {}, "5.0");
  await using _newer = await TestClient.connect(port, "a", {}, "5.0");
  return await older.untilClosed();
};

/** A client commits a protocol error; returns whether the connection is closed within a fifth of a second. */
const brokenOff: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.send({ type: "PINGRESP" }, { type: "PINGREQ" });
  return await client.untilClosed(200);
};

const howClosed: Play = async (port) => {
  await using client = await TestClient.connect(port, "a");
  await client.send({ type: "PINGRESP" });
  return await client.closing();
};

const assigned: Play = async (port) => {
  await using client = await TestClient.connect(port, "", {}, "5.0");
  return client.connack.replace(/attest-[0-9a-f-]{13}/, "attest-(13 letters)");
};

export const CONNECT_TRIALS: readonly QuirkTrial[] = [
  trial("level-refused-as-5", answer({ protocolLevel: 9 }), "20020001, closed", "2003008400, closed"),
  trial("level-refused-silently", answer({ protocolLevel: 9 }), "20020001, closed", "closed, closed"),
  trial("name-refused-by-connack", answer({ protocolName: "MQTX" }), "closed, closed", "20020001, closed"),
  trial("refusals-without-connack", verdict({ properties: [METHOD] }, "5.0"), "CONNACK 0x8c", "closed"),
  trial(
    "errors-as-protocol-error",
    verdict({ wire: { connectFlags: 3 } }, "5.0"),
    "CONNACK 0x81",
    "CONNACK 0x82",
  ),
  trial(
    "errors-as-protocol-error",
    sends5({ type: "PINGREQ", wire: { flags: 1 } }),
    "DISCONNECT 0x81",
    "DISCONNECT 0x82",
  ),
  trial("errors-as-malformed", sends5({ type: "PINGRESP" }), "DISCONNECT 0x82", "DISCONNECT 0x81"),
  trial(
    "auth-method-not-authorized",
    verdict({ properties: [METHOD] }, "5.0"),
    "CONNACK 0x8c",
    "CONNACK 0x87",
  ),
  trial("empty-id-not-allowed", verdict({}, "3.1.1", ""), "CONNACK 0", "CONNACK 2"),
  trial("empty-id-not-allowed", verdict({}, "5.0", ""), "CONNACK 0", "CONNACK 0x85"),
  trial(
    "empty-id-with-state-refused",
    verdict({ cleanStart: false }, "5.0", ""),
    "CONNACK 0",
    "CONNACK 0x85",
  ),
  trial("long-ids-refused", verdict({}, "3.1.1", "a".repeat(24)), "CONNACK 0", "CONNACK 2"),
  trial("ids-of-letters-and-digits", verdict({}, "5.0", "a-b"), "CONNACK 0", "CONNACK 0x85"),
  trial(
    "assigned-id-long",
    assigned,
    'CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, assignedClientIdentifier="attest-(13 letters)"}',
    'CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16, assignedClientIdentifier="attest-(13 letters)-long-long-long-long"…}',
  ),
  trial("takeover-without-disconnect", takenOver, "DISCONNECT 0x8e", ""),
  trial("closes-without-disconnect", sends5({ type: "PINGRESP" }), "DISCONNECT 0x82", ""),
  trial("closes-late", brokenOff, undefined, "still open"),
  trial("closes-by-reset", howClosed, "end", "reset"),
];
