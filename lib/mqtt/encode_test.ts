import { deepStrictEqual, notStrictEqual, throws } from "node:assert/strict";
import { encode } from "./encode.ts";
import type { Draft, ProtocolVersion } from "./packet.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

/** Drafts and the exact bytes that they must encode to. */
const TOLD:
  readonly (readonly [title: string, version: ProtocolVersion, draft: Draft, wanted: Uint8Array])[] = [
    ["the low four bits as given", "3.1.1", { type: "PINGREQ", wire: { flags: 0xff } }, bytes(0xcf, 0)],
    ["the type bits as given", "3.1.1", { type: "PINGREQ", wire: { typeBits: 0 } }, bytes(0x00, 0)],
    ["a remaining length that is not true", "3.1.1", {
      type: "PUBACK",
      packetId: 1,
      wire: { remainingLength: 200 },
    }, bytes(0x40, 0xc8, 1, 0, 1)],
    ["an over-long remaining length", "3.1.1", {
      type: "PUBACK",
      packetId: 1,
      wire: { remainingLength: bytes(0x82, 0x80, 0) },
    }, bytes(0x40, 0x82, 0x80, 0, 0, 1)],
    ["another body", "5.0", { type: "PUBACK", packetId: 1, wire: { body: bytes(9) } }, bytes(0x40, 1, 9)],
    ["more than the body", "3.1.1", { type: "PINGREQ", wire: { append: bytes(1, 2) } }, bytes(0xc0, 2, 1, 2)],
    [
      "a packet cut short",
      "3.1.1",
      { type: "PUBACK", packetId: 1, wire: { truncate: 3 } },
      bytes(0x40, 2, 0),
    ],
    ["nothing at all", "3.1.1", { type: "PINGREQ", wire: { truncate: 0 } }, bytes()],
    [
      "body, appendix, flags, length and cut in this order",
      "3.1.1",
      {
        type: "PINGREQ",
        wire: { body: bytes(1), append: bytes(2), flags: 1, remainingLength: 9, truncate: 3 },
      },
      bytes(0xc1, 9, 1),
    ],
    [
      "no packet id where none is given",
      "3.1.1",
      { type: "PUBLISH", topic: "a", qos: 1 },
      bytes(0x32, 3, 0, 1, 0x61),
    ],
    [
      "a packet id at QoS 0",
      "3.1.1",
      { type: "PUBLISH", topic: "a", packetId: 258 },
      bytes(0x30, 5, 0, 1, 0x61, 1, 2),
    ],
    ["QoS 3", "3.1.1", { type: "PUBLISH", topic: "", qos: 3 }, bytes(0x36, 2, 0, 0)],
    [
      "text given as bytes",
      "3.1.1",
      { type: "PUBLISH", topic: bytes(0xff, 0) },
      bytes(0x30, 4, 0, 2, 0xff, 0),
    ],
    [
      "an unpaired surrogate as three bytes",
      "3.1.1",
      { type: "PUBLISH", topic: "\udfff" },
      bytes(0x30, 5, 0, 3, 0xed, 0xbf, 0xbf),
    ],
    [
      "an unpaired surrogate beside good text",
      "3.1.1",
      { type: "PUBLISH", topic: "ä\ud800" },
      bytes(0x30, 7, 0, 5, 0xc3, 0xa4, 0xed, 0xa0, 0x80),
    ],
    [
      "a payload given as text",
      "3.1.1",
      { type: "PUBLISH", topic: "", payload: "ä" },
      bytes(0x30, 4, 0, 0, 0xc3, 0xa4),
    ],
    [
      "numbers cut to their field",
      "3.1.1",
      { type: "PUBACK", packetId: 0x12345 },
      bytes(0x40, 2, 0x23, 0x45),
    ],
    [
      "no reason in 3.1.1",
      "3.1.1",
      { type: "PUBACK", packetId: 1, reason: 7, properties: [] },
      bytes(0x40, 2, 0, 1),
    ],
    [
      "a reason that is given, and only it",
      "5.0",
      { type: "PUBACK", packetId: 1, reason: 0 },
      bytes(0x40, 3, 0, 1, 0),
    ],
    [
      "no properties in 3.1.1",
      "3.1.1",
      { type: "CONNACK", properties: [{ name: "topicAlias", value: 1 }] },
      bytes(0x20, 2, 0, 0),
    ],
    [
      "a property twice, and where it is not allowed",
      "5.0",
      { type: "CONNACK", properties: [{ name: "topicAlias", value: 1 }, { name: "topicAlias", value: 0 }] },
      bytes(0x20, 9, 0, 0, 6, 35, 0, 1, 35, 0, 0),
    ],
    [
      "a property length that is not true",
      "5.0",
      { type: "CONNACK", wire: { propertyLength: 5 } },
      bytes(0x20, 3, 0, 0, 5),
    ],
    [
      "a property length in too many bytes",
      "5.0",
      {
        type: "CONNACK",
        properties: [{ name: "maximumQoS", value: 3 }],
        wire: { propertyLength: bytes(0x82, 0) },
      },
      bytes(0x20, 6, 0, 0, 0x82, 0, 36, 3),
    ],
    [
      "no property length",
      "5.0",
      { type: "CONNACK", wire: { propertyLength: bytes() } },
      bytes(0x20, 2, 0, 0),
    ],
    [
      "an unknown property",
      "5.0",
      { type: "CONNACK", properties: [{ name: "0x80", value: bytes(1) }] },
      bytes(0x20, 6, 0, 0, 3, 0x80, 1, 1),
    ],
    [
      "bytes in place of a number",
      "5.0",
      { type: "CONNACK", properties: [{ name: "receiveMaximum", value: bytes(1) }] },
      bytes(0x20, 5, 0, 0, 2, 33, 1),
    ],
    [
      "connect flags as given",
      "3.1.1",
      { type: "CONNECT", wire: { connectFlags: 0xff } },
      bytes(0x10, 12, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 0xff, 0, 0, 0, 0),
    ],
    ["AUTH before 5.0", "3.1.1", { type: "AUTH", reason: 0x18 }, bytes(0xf0, 1, 0x18)],
    [
      "the old level and name of 3.1",
      "3.1",
      { type: "CONNECT" },
      bytes(0x10, 14, 0, 6, 0x4d, 0x51, 0x49, 0x73, 0x64, 0x70, 3, 2, 0, 0, 0, 0),
    ],
  ];

for (const [title, version, draft, wanted] of TOLD) {
  Deno.test(`encode() sends ${title}`, () => deepStrictEqual(encode(draft, version), wanted));
}

Deno.test("encode() refuses a text that its length cannot say", () => {
  const wanted = /^RangeError: The topic name has 65536 bytes, but its length is at most 65535/;
  throws(() => encode({ type: "PUBLISH", topic: "a".repeat(65536) }, "3.1.1"), wanted);
  throws(() => encode({ type: "PUBLISH", topic: "ä".repeat(32768) }, "3.1.1"), wanted);
  throws(() => encode({ type: "PUBLISH", topic: new Uint8Array(65536) }, "3.1.1"), wanted);
  deepStrictEqual(encode({ type: "PUBLISH", topic: "a".repeat(65535) }, "3.1.1").length, 4 + 65537);
});

Deno.test("encode() refuses properties that do not exist or have a value of another kind", () => {
  const send = (name: string, value: number | string) => () =>
    encode({ type: "CONNACK", properties: [{ name, value }] }, "5.0");
  throws(
    send("recieveMaximum", 1),
    /^TypeError: unknown property "recieveMaximum"; use a name of MQTT 5.0/,
  );
  throws(
    send("reasonString", 1),
    /^TypeError: wrong value for the property "reasonString"; expected text or bytes$/,
  );
  throws(send("receiveMaximum", "1"), /^TypeError: .* expected a number, or bytes to write instead$/);
  throws(send("userProperty", "k=v"), /^TypeError: .* expected a pair of texts$/);
  throws(send("0x7e", 1), /^TypeError: .* expected bytes$/);
});

Deno.test("encode() goes on after it refused a packet", () => {
  throws(() => encode({ type: "PUBLISH", topic: "a".repeat(65536) }, "3.1.1"));
  deepStrictEqual(encode({ type: "PINGREQ" }, "3.1.1"), bytes(0xc0, 0));
});

Deno.test("packets encoded one after another do not overwrite each other", () => {
  const sizes = [0, 1, 100, 4000, 5000, 16384, 20000, 70000, 3, 16000, 9];
  const made = sizes.flatMap((size, n) =>
    [1, 2, 3].map(() =>
      encode({ type: "PUBLISH", topic: "t", payload: new Uint8Array(size).fill(n) }, "3.1.1")
    )
  );
  made.forEach((packet, n) => {
    const index = Math.floor(n / 3);
    const size = sizes[index] ?? 0;
    deepStrictEqual(packet.subarray(packet.length - size), new Uint8Array(size).fill(index));
  });
  notStrictEqual(made[0], made[1]);
});

Deno.test("a packet that grows field by field is whole", () => {
  const filters = Array.from({ length: 9000 }, (_, n) => `filter/${n}`);
  const packet = encode({ type: "UNSUBSCRIBE", packetId: 1, filters }, "3.1.1");
  deepStrictEqual(packet.subarray(-13), new TextEncoder().encode("\0\x0bfilter/8999"));
});
