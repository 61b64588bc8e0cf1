import assert from "node:assert/strict";
import { encode } from "../mqtt/encode.ts";
import type { Draft, ProtocolVersion } from "../mqtt/packet.ts";
import { ValueError } from "../spec/evaluate.ts";
import { Scope } from "../spec/scope.ts";
import type { Sent } from "../suite/step/sent.ts";
import { brokerSuite } from "../suite/test_suite.ts";
import { buildPackets } from "./drafts.ts";

const scope = new Scope().set("topic", "t/1").set("client", { c: "id-c" }).set("list", [1]);

/** What a step sends. */
async function sendOf(step: string): Promise<Sent> {
  const suite = await brokerSuite(`
  - case: one
    purpose: it MUST be read
    steps:
      - ${step}
`);
  const found = suite.cases[0]?.steps[0];
  assert.ok(found?.kind === "send");
  return found.send;
}

async function built(step: string, version: ProtocolVersion = "3.1.1", among = scope) {
  let id = 40;
  return buildPackets(await sendOf(step), among, { version, clientId: "me", nextPacketId: () => ++id });
}

/** The only packet of a step. */
async function draft(step: string, version?: ProtocolVersion, among?: Scope): Promise<Draft> {
  const { drafts } = await built(step, version, among);
  assert.equal(drafts.length, 1);
  const [one] = drafts;
  assert.ok(one);
  return one;
}

Deno.test("a CONNECT gets what its version requires if the step sets nothing", async () => {
  const names = { "3.1": ["MQIsdp", 3], "3.1.1": ["MQTT", 4], "5.0": ["MQTT", 5] } as const;
  for (const version of ["3.1", "3.1.1", "5.0"] as const) {
    assert.deepEqual(await draft("c -> CONNECT", version), {
      type: "CONNECT",
      protocolName: names[version][0],
      protocolLevel: names[version][1],
      cleanStart: true,
      keepAlive: 60,
      clientId: "me",
    });
  }
});

Deno.test("what a step says goes before what is usual", async () => {
  const connect = await draft(
    "c -> CONNECT: { cleanSession: false, keepAlive: 0, clientId: $client.c, userName: 007 }",
  );
  assert.deepEqual(
    connect.type === "CONNECT" && [connect.cleanStart, connect.keepAlive, connect.clientId, connect.userName],
    [false, 0, "id-c", "007"],
  );
});

Deno.test("omit leaves a field out, a row's omit too", async () => {
  assert.equal("clientId" in await draft("c -> CONNECT: { clientId: omit }"), false);
  assert.equal("packetId" in await draft("c -> PUBLISH: { topic: a, qos: 1, packetId: omit }"), false);
  const place = { file: "", line: 1, column: 1, length: 1 };
  const row = new Scope(scope).bind("id", {
    kind: "literal",
    value: "omit",
    source: "omit",
    plain: true,
    place,
  });
  const suite = await brokerSuite(`
  - case: one
    purpose: it MUST be read
    table: [{ id: omit }, { id: 7 }]
    steps:
      - c -> PUBLISH: { topic: a, qos: 1, packetId: $id }
`);
  const send = suite.cases[0]?.steps[0];
  assert.ok(send?.kind === "send");
  const { drafts } = buildPackets(send.send, row, { version: "3.1.1", nextPacketId: () => 1 });
  assert.equal(drafts.every((one) => "packetId" in one), false);
});

Deno.test("packets that need an id get the next one, and others none", async () => {
  const ids = async (step: string) => {
    const one = await draft(step);
    return "packetId" in one ? one.packetId : undefined;
  };
  assert.equal(await ids("c -> SUBSCRIBE: { filter: a, qos: 0 }"), 41);
  assert.equal(await ids("c -> UNSUBSCRIBE: { filter: a }"), 41);
  assert.equal(await ids("c -> PUBLISH: { topic: a, qos: 2 }"), 41);
  assert.equal(await ids("c -> PUBLISH: { topic: a, qos: 0 }"), undefined);
  assert.equal(await ids("c -> PUBLISH: { topic: a, qos: 1, packetId: 0 }"), 0);
});

Deno.test("text may be given as bytes, and bytes as text", async () => {
  assert.deepEqual(
    await draft('c -> PUBLISH: { topic: { hex: "c0 80" }, payload: { repeat: ab, times: 2 } }'),
    {
      type: "PUBLISH",
      topic: Uint8Array.of(0xc0, 0x80),
      payload: new TextEncoder().encode("abab"),
    },
  );
});

Deno.test("properties keep their order, their repetition and their kinds", async () => {
  const one = await draft(
    "c -> PUBLISH: { topic: a, properties: [{ contentType: x }, { userProperty: [[a, 1], [b, 2]] }, { contentType: y }, { correlationData: { hex: '01' } }] }",
    "5.0",
  );
  assert.deepEqual(one.type === "PUBLISH" && one.properties, [
    { name: "contentType", value: "x" },
    { name: "userProperty", value: ["a", "1"] },
    { name: "userProperty", value: ["b", "2"] },
    { name: "contentType", value: "y" },
    { name: "correlationData", value: Uint8Array.of(1) },
  ]);
});

Deno.test("a single user property needs no list around it", async () => {
  const one = await draft("c -> PUBLISH: { topic: a, properties: { userProperty: [k, v] } }", "5.0");
  assert.deepEqual(one.type === "PUBLISH" && one.properties, [{ name: "userProperty", value: ["k", "v"] }]);
});

Deno.test("a property may have a number that is none of a property, and a pair may have bytes in it", async () => {
  const one = await draft(
    "c -> PUBLISH: { topic: a, properties: { 0x7f: { hex: '0102' }, 0x1: '', raw: { hex: '1f 00' }, userProperty: [{ hex: 'ff' }, v] } }",
    "5.0",
  );
  assert.deepEqual(one.type === "PUBLISH" && one.properties, [
    { name: "0x7f", value: Uint8Array.of(1, 2) },
    { name: "0x1", value: new Uint8Array() },
    { name: "raw", value: Uint8Array.of(0x1f, 0) },
    { name: "userProperty", value: [Uint8Array.of(0xff), "v"] },
  ]);
});

Deno.test("wire overrides go to the encoder, and the way of cutting to the lane", async () => {
  const flags = await built("c -> PINGREQ: { flags: 3, remainingLength: { hex: '8000' } }");
  assert.deepEqual(encode(flags.drafts[0] ?? { type: "PINGREQ" }, "3.1.1"), Uint8Array.of(0xc3, 0x80, 0x00));
  assert.equal(flags.cut, undefined);
  assert.equal((await built("c -> PINGREQ: { bytewise: true }")).cut, "bytewise");
  assert.deepEqual((await built("c -> PUBLISH: { topic: a, pieces: [1, 2] }")).cut, [1, 2]);
  assert.equal((await draft("c -> PINGREQ: { bytewise: true }")).wire, undefined);
});

Deno.test("several packets of one step stay in their order", async () => {
  const { drafts, cut } = await built("c -> packets: [PINGREQ, { PUBLISH: { topic: $topic } }, DISCONNECT]");
  assert.deepEqual(drafts.map(({ type }) => type), ["PINGREQ", "PUBLISH", "DISCONNECT"]);
  assert.equal(cut, undefined);
});

Deno.test("a captured value of the wrong kind is refused with its place", async () => {
  const captured = new Scope(scope).set("topic", ["a"]);
  await assert.rejects(draft("c -> PUBLISH: { topic: $topic }", "3.1.1", captured), (error) => {
    assert.ok(error instanceof ValueError);
    assert.equal(error.message, "expected text, found a list");
    return true;
  });
});
