import { strictEqual } from "node:assert/strict";
import { describe, describeFully } from "./describe.ts";
import type { Packet } from "./packet.ts";
import { FIXTURES } from "./testdata/fixtures.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const publish = { type: "PUBLISH", qos: 0, retain: false, dup: false, topic: "a", properties: [] } as const;

const LINES: readonly (readonly [packet: Packet, line: string])[] = [
  [
    { ...publish, topic: "a/b", payload: utf8("hello"), qos: 2, retain: true, packetId: 7 },
    'PUBLISH q2 id=7 retain "a/b" "hello"',
  ],
  [{ ...publish, payload: utf8("") }, 'PUBLISH q0 "a" ""'],
  [
    { ...publish, topic: 'x"\u001b[31m\u202e\ud800', payload: utf8("a\n\0") },
    'PUBLISH q0 "x\\"\\u001b[31m\\u202e\\ud800" "a\\n\\u0000"',
  ],
  [
    { ...publish, payload: utf8("0123456789".repeat(5)) },
    'PUBLISH q0 "a" "0123456789012345678901234567890123456789"… (50 bytes)',
  ],
  [{ ...publish, payload: utf8("€".repeat(400)) }, `PUBLISH q0 "a" "${"€".repeat(40)}"… (1200 bytes)`],
  [{ ...publish, payload: Uint8Array.of(0xff, 0) }, 'PUBLISH q0 "a" 0xff00'],
  [{ ...publish, payload: new Uint8Array(30).fill(0xfe) }, `PUBLISH q0 "a" 0x${"fe".repeat(20)}… (30 bytes)`],
  [{
    ...publish,
    payload: utf8(""),
    properties: [{ name: "topicAlias", value: 3 }, { name: "userProperty", value: ["k", "v"] }],
  }, 'PUBLISH q0 "a" "" {topicAlias=3, userProperty="k":"v"}'],
  [{ type: "PUBACK", packetId: 3, reason: 0, properties: [] }, "PUBACK id=3"],
  [{ type: "PUBREC", packetId: 3, reason: 0x97, properties: [] }, "PUBREC id=3 0x97"],
  [{ type: "CONNACK", sessionPresent: true, reason: 0, properties: [] }, "CONNACK 0 session-present"],
  [{ type: "SUBACK", packetId: 1, reasons: [1, 0x80], properties: [] }, "SUBACK id=1 1 0x80"],
  [
    {
      type: "SUBSCRIBE",
      packetId: 1,
      subscriptions: [{ filter: "a/#", qos: 1, noLocal: true, retainAsPublished: true, retainHandling: 2 }],
      properties: [],
    },
    'SUBSCRIBE id=1 "a/#" q1 no-local retain-as-published retain-handling=2',
  ],
  [
    { type: "UNSUBSCRIBE", packetId: 1, filters: ["1", "2", "3", "4", "5", "6", "7"], properties: [] },
    'UNSUBSCRIBE id=1 "1" "2" "3" "4" "5" … 7 in all',
  ],
  [{ type: "PINGREQ" }, "PINGREQ"],
  [{ type: "DISCONNECT", reason: 0, properties: [] }, "DISCONNECT"],
  [{ type: "DISCONNECT", reason: 0x8e, properties: [] }, "DISCONNECT 0x8e"],
];

for (const [packet, line] of LINES) {
  Deno.test(`describe() gives: ${line}`, () => strictEqual(describe(packet), line));
}

Deno.test("describe() never shows a password", () => {
  for (const { packet } of FIXTURES) {
    if (packet.type !== "CONNECT" || !packet.password) continue;
    strictEqual(describe({ ...packet, password: utf8("hunter2") }).includes("hunter2"), false);
    strictEqual(describeFully({ ...packet, password: utf8("hunter2") }).includes("hunter2"), false);
  }
});

Deno.test("a description is one line, whatever the packet contains", () => {
  for (const { packet } of FIXTURES) strictEqual(/[\p{Cc}]/u.test(describe(packet)), false);
});

Deno.test("describeFully() returns one field per line, and names the codes", () => {
  const text = describeFully({
    type: "SUBACK",
    packetId: 1,
    reasons: [2, 0x87, 0x77],
    properties: [{ name: "reasonString", value: "no" }],
  });
  strictEqual(
    text,
    [
      "type: SUBACK",
      "packetId: 1",
      "reasons.0: 2 Granted QoS 2",
      "reasons.1: 0x87 Not authorized",
      "reasons.2: 0x77 (not a code of this packet)",
      'properties.reasonString: "no"',
    ].join("\n"),
  );
});
