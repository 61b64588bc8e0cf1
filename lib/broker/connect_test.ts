import assert from "node:assert/strict";
import { decodeOne } from "../mqtt/decode.ts";
import { encode } from "../mqtt/encode.ts";
import type { ConnectFields, ConnectPacket, ProtocolVersion } from "../mqtt/packet.ts";
import type { BrokerBehaviour } from "./behaviour.ts";
import { askedExpiry, connackProperties, expirySeconds, judgeConnect } from "./connect.ts";
import { RIGHT } from "./right.ts";
import { connectPacket } from "./test_client.ts";

const NO_LIMITS = {
  maximumPacketSize: 1_000,
  topicAliasMaximum: 10,
  assignedClientId: undefined,
  sessionExpirySeconds: undefined,
} as const;

function frameOf(version: ProtocolVersion, fields: ConnectFields) {
  return decodeOne(encode(connectPacket(version, { clientId: "a", ...fields }), version), version);
}

function packetOf(version: ProtocolVersion, fields: ConnectFields = {}): ConnectPacket {
  const frame = frameOf(version, fields);
  assert.ok(frame.kind === "packet" && frame.packet.type === "CONNECT");
  return frame.packet;
}

/** The answer to a CONNECT: `accept`, `close`, or the reason of the refusal in hex. */
function judged(version: ProtocolVersion, fields: ConnectFields, behaviour: Partial<BrokerBehaviour> = {}) {
  const verdict = judgeConnect(frameOf(version, fields), version, { ...RIGHT, ...behaviour });
  return verdict.kind === "refuse" ? verdict.reason.toString(16) : verdict.kind;
}

Deno.test("a correct CONNECT is accepted in every version", () => {
  for (const version of ["3.1", "3.1.1", "5.0"] as const) assert.equal(judged(version, {}), "accept");
});

Deno.test("a client id must be present, and short, if the version says so", () => {
  const clientId = "";
  const long = "x".repeat(24);
  const answers = (["3.1", "3.1.1", "5.0"] as const).map((version) => [
    judged(version, { clientId }),
    judged(version, { clientId, cleanStart: false }),
    judged(version, { clientId: long }),
    judged(version, { clientId: long.slice(1) }),
  ]);
  assert.deepEqual(answers, [
    ["2", "2", "2", "accept"],
    ["accept", "2", "accept", "accept"],
    ["accept", "accept", "accept", "accept"],
  ]);
});

Deno.test("a malformed CONNECT ends in a close before 5.0 and a refusal in 5.0, an unknown level is always refused", () => {
  const wire = { connectFlags: 0x03 };
  assert.equal(judged("3.1.1", { wire }), "close");
  assert.equal(judged("5.0", { wire }), "81");
  assert.equal(judged("3.1.1", { protocolLevel: 9 }), "1");
  assert.equal(judged("3.1.1", { protocolName: "MQXX" }), "close");
  // What a defect tolerates is not a fault.
  assert.equal(judged("3.1.1", { wire }, { tolerates: () => true }), "accept");
});

Deno.test("a will that uses a feature which CONNACK announces as unavailable is refused", () => {
  const will = { topic: "w", payload: "x", qos: 2, retain: true } as const;
  assert.equal(judged("5.0", { will }), "accept");
  assert.equal(judged("5.0", { will }, { maximumQos: 1 }), "9b");
  assert.equal(judged("5.0", { will }, { retainAvailable: false }), "9a");
  // Before 5.0 nothing is announced.
  assert.equal(judged("3.1.1", { will }, { maximumQos: 1, retainAvailable: false }), "accept");
  const refusesTopic = () => "drop" as const;
  assert.equal(judged("5.0", { will }, { refusesTopic }), "90");
  assert.equal(judged("3.1.1", { will }, { refusesTopic }), "5");
});

Deno.test("an authentication method is refused, because the broker has none", () => {
  assert.equal(judged("5.0", { properties: [{ name: "authenticationMethod", value: "SCRAM" }] }), "8c");
});

Deno.test("CONNACK announces exactly the limits that differ from the standard's defaults", () => {
  const announced = (behaviour: Partial<BrokerBehaviour>, more = {}) =>
    connackProperties(packetOf("5.0"), { ...NO_LIMITS, ...more }, { ...RIGHT, ...behaviour })
      .map(({ name, value }) => `${name}=${value}`);
  const always = ["maximumPacketSize=1000", "topicAliasMaximum=10"];
  assert.deepEqual(announced({}), always);
  assert.deepEqual(
    announced({
      receiveMaximum: () => 5,
      maximumQos: 0,
      retainAvailable: false,
      wildcardsAvailable: false,
      identifiersAvailable: false,
      sharedAvailable: false,
      serverKeepAlive: 0,
    }, { assignedClientId: "attest-1", sessionExpirySeconds: Infinity }),
    [
      ...always,
      "receiveMaximum=5",
      "maximumQoS=0",
      "retainAvailable=0",
      "wildcardSubscriptionAvailable=0",
      "subscriptionIdentifierAvailable=0",
      "sharedSubscriptionAvailable=0",
      "serverKeepAlive=0",
      "sessionExpiryInterval=4294967295",
      "assignedClientIdentifier=attest-1",
    ],
  );
});

Deno.test("a session is kept as long as its CONNECT requests, in each version", () => {
  const expiry = (value: number) => ({ properties: [{ name: "sessionExpiryInterval", value }] });
  assert.equal(askedExpiry(packetOf("3.1.1"), "3.1.1"), 0);
  assert.equal(askedExpiry(packetOf("3.1.1", { cleanStart: false }), "3.1.1"), Infinity);
  assert.equal(askedExpiry(packetOf("5.0", { cleanStart: false }), "5.0"), 0);
  assert.equal(askedExpiry(packetOf("5.0", expiry(60)), "5.0"), 60);
  assert.equal(askedExpiry(packetOf("5.0", expiry(0xffff_ffff)), "5.0"), Infinity);
  assert.equal(expirySeconds(0xffff_fffe), 0xffff_fffe);
});
