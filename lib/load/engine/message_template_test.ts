import assert from "node:assert/strict";
import { Decoder } from "../../mqtt/decode.ts";
import type { ProtocolVersion, PublishPacket } from "../../mqtt/packet.ts";
import type { PublishSettings } from "../profile/group.ts";
import { hashBytes, MARK_BYTES, type ReadMark, readMark } from "./mark.ts";
import { encodeText, fillingOf, sizeAt, templateOf } from "./message_template.ts";

const PUBLISHING: PublishSettings = {
  topic: ["t"],
  topics: 1,
  qos: 1,
  retain: true,
  payload: { kind: "bytes", sizes: [{ size: 40, weight: 1 }] },
  arrivals: { kind: "even" },
  inFlight: 20,
  topicAlias: false,
  userProperties: [["a", "b"]],
};

function decoded(bytes: Uint8Array, version: ProtocolVersion): PublishPacket {
  const decoder = new Decoder({ version, maximumPacketSize: 1_000_000 });
  decoder.push(bytes);
  const frame = decoder.next();
  assert.ok(frame?.kind === "packet" && frame.packet.type === "PUBLISH");
  return frame.packet;
}

/** A message of a template, with packet id 0x0102. */
function patched({ head, body, length, idAt, payloadAt }: ReturnType<typeof templateOf>): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set(head);
  if (body) bytes.set(body, payloadAt);
  if (idAt > 0) bytes.set([1, 2], idAt);
  return bytes;
}

Deno.test("templateOf() returns a packet whose id and payload are at the offsets that it returns", () => {
  for (const size of [16, 40, 1_024, 1_025, 70_000]) {
    for (const version of ["3.1.1", "5.0"] as const) {
      const filling = fillingOf(size, 3);
      const publishing = {
        ...PUBLISHING,
        userProperties: version === "5.0" ? PUBLISHING.userProperties : [],
      };
      const template = templateOf({ topic: "some/topic", publishing, version }, filling);
      const packet = decoded(patched(template), version);
      assert.deepEqual([packet.topic, packet.qos, packet.retain], ["some/topic", 1, true]);
      assert.equal(packet.packetId, 0x0102);
      assert.deepEqual(packet.payload, filling.bytes);
      assert.deepEqual(
        packet.properties,
        version === "5.0" ? [{ name: "userProperty", value: ["a", "b"] }] : [],
      );
      assert.equal(template.body !== undefined, size > 1_024, "a large payload is not copied into templates");
    }
  }
});

Deno.test("a QoS 0 packet has no id", () => {
  const publishing = { ...PUBLISHING, qos: 0 as const };
  const template = templateOf({ topic: "t", publishing, version: "3.1.1" }, fillingOf(40, 1));
  assert.equal(template.idAt, 0);
  assert.equal(decoded(patched(template), "3.1.1").packetId, undefined);
});

Deno.test("a topic alias is sent with the topic or instead of it", () => {
  for (const withTopic of [true, false]) {
    const alias = { number: 3, withTopic };
    const template = templateOf(
      { topic: "t", publishing: PUBLISHING, version: "5.0", alias },
      fillingOf(40, 1),
    );
    const packet = decoded(patched(template), "5.0");
    assert.equal(packet.topic, withTopic ? "t" : "");
    assert.deepEqual(packet.properties[0], { name: "topicAlias", value: 3 });
  }
});

Deno.test("fillingOf() follows from seed and size, and leaves the bytes of the mark zero", () => {
  const { bytes, hash } = fillingOf(64, 9);
  assert.deepEqual(fillingOf(64, 9).bytes, bytes);
  assert.notDeepEqual(fillingOf(64, 11).bytes, bytes);
  assert.deepEqual([...bytes.subarray(0, MARK_BYTES)], Array(MARK_BYTES).fill(0));
  assert.equal(hash, hashBytes(bytes, MARK_BYTES, 64));
});

Deno.test("encodeText() fills in the words, and puts a correct mark in place of $mark", () => {
  const template = ["n=", { word: "sequence" }, " ", { word: "mark" }, " by ", { word: "client" }] as const;
  const message = { flow: 5, sequence: 17, due: 1_000, delay: 20, time: 99, random: 3 };
  const { packet, idAt } = encodeText(
    { topic: "t", publishing: PUBLISHING, version: "3.1.1" },
    template,
    { client: 4 },
    { ...message, row: 0 },
  );
  packet.set([1, 2], idAt);
  const { payload, packetId } = decoded(packet, "3.1.1");
  assert.equal(packetId, 0x0102);
  assert.match(new TextDecoder().decode(payload), /^n=17 @[0-9a-f]{40} by 4$/);
  const mark: ReadMark = { flow: 0, sequence: 0, due: 0, delay: 0 };
  assert.equal(readMark(payload, 0, payload.length, mark), "right");
  assert.deepEqual(mark, { flow: 5, sequence: 17, due: 1_000, delay: 20 });
});

Deno.test("sizeAt() chooses sizes by their weight", () => {
  const sizes = [{ size: 16, weight: 1 }, { size: 100, weight: 3 }];
  const at = (random: number) => sizeAt({ kind: "bytes", sizes }, () => random);
  assert.deepEqual([0, 0.24, 0.26, 0.99].map(at), [16, 16, 100, 100]);
});
