import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { clause } from "./clauses.ts";
import { decodeOne, Decoder } from "./decode.ts";
import { encode } from "./encode.ts";
import type { Frame } from "./frame.ts";
import type { ProtocolVersion } from "./packet.ts";
import { RULE_NAMES } from "./rules.ts";
import { type BrokenPacket, VIOLATIONS } from "./testdata/violations.ts";

const LIMIT = 4096;

function frameOf({ version, sent, after }: BrokenPacket): Frame {
  const decoder = new Decoder({ version, maximumPacketSize: LIMIT });
  if (after) {
    decoder.push(encode(after, version));
    strictEqual(decoder.next()?.kind, "packet");
  }
  decoder.push(sent instanceof Uint8Array ? sent : encode(sent, version));
  const frame = decoder.next();
  ok(frame, "there is no frame");
  return frame;
}

for (const row of VIOLATIONS) {
  const { rule, version, kind, clause: id, offset, note } = row;
  Deno.test(`decode() reports ${rule} in ${version}: ${note}`, () => {
    const frame = frameOf(row);
    deepStrictEqual(
      frame.violations.map((found) => [found.rule, found.clause, found.offset]),
      [[rule, id, offset]],
    );
    strictEqual(frame.kind, kind);
    if (id) ok(clause(version, id), `${id} is not a clause of ${version}`);
  });
}

Deno.test("every encoding rule has a row that breaks it", () => {
  const broken: ReadonlySet<string> = new Set(VIOLATIONS.map(({ rule }) => rule));
  deepStrictEqual(RULE_NAMES.filter((rule) => !broken.has(rule)), []);
});

Deno.test("every message of a violation is one sentence without a full stop", () => {
  for (const row of VIOLATIONS) {
    for (const { message } of frameOf(row).violations) {
      ok(/^[A-Za-z"].*[^.]$/s.test(message), message);
    }
  }
});

Deno.test("a packet lists all the rules that it breaks, in the order of their discovery", () => {
  const frame = decodeOne(
    encode(
      { type: "PUBLISH", topic: "a/#", dup: true, wire: { remainingLength: Uint8Array.of(0x86, 0) } },
      "5.0",
    ),
    "5.0",
  );
  strictEqual(frame.kind, "packet");
  deepStrictEqual(frame.violations.map(({ rule }) => rule), [
    "remaining-length-overlong",
    "dup-at-qos-0",
    "topic-wildcard",
  ]);
});

Deno.test("a packet that breaks rules without end lists a hundred, and the one that ends its reading", () => {
  const reasons = new Array<number>(1000).fill(0x77);
  const suback = encode({ type: "SUBACK", packetId: 1, reasons }, "3.1.1");
  strictEqual(decodeOne(suback, "3.1.1").violations.length, 100);
  const subscriptions = reasons.map(() => ({ filter: "a", qos: 0 }));
  const body = encode(
    { type: "SUBSCRIBE", packetId: 1, subscriptions, wire: { append: Uint8Array.of(9) } },
    "5.0",
  );
  for (let at = 8; at < body.length; at += 4) body[at] = 0x2b;
  const frame = decodeOne(body, "5.0");
  strictEqual(frame.kind, "malformed");
  ok(frame.violations.length <= 100);
  strictEqual(frame.violations.at(-1)?.rule, "packet-too-short");
});

Deno.test("next() returns undefined forever after a broken frame, and holds nothing", () => {
  const decoder = new Decoder({ version: "5.0", maximumPacketSize: 10 });
  decoder.push(Uint8Array.of(0x30, 0x7f, 1, 2, 3));
  strictEqual(decoder.next()?.kind, "broken");
  decoder.push(encode({ type: "PINGREQ" }, "5.0"));
  strictEqual(decoder.next(), undefined);
  strictEqual(decoder.buffered, 0);
  strictEqual(decoder.capacity, 0);
});

Deno.test("a packet of exactly the largest size is read", () => {
  const bytes = encode({ type: "PUBLISH", topic: "a", payload: "12345" }, "3.1.1");
  const decoder = new Decoder({ version: "3.1.1", maximumPacketSize: bytes.length });
  decoder.push(bytes);
  strictEqual(decoder.next()?.kind, "packet");
});

Deno.test("a length without its packet gets little memory", () => {
  const decoder = new Decoder({ version: "3.1.1", maximumPacketSize: 512 * 1024 * 1024 });
  decoder.push(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f));
  strictEqual(decoder.next(), undefined);
  decoder.push(new Uint8Array(1000));
  strictEqual(decoder.next(), undefined);
  ok(decoder.capacity < 128 * 1024);
});

Deno.test("a CONNECT sets the version in which all that follows is read", () => {
  const cases: readonly (readonly [ProtocolVersion, ProtocolVersion])[] = [
    ["5.0", "3.1"],
    ["3.1", "3.1.1"],
    ["3.1.1", "5.0"],
  ];
  for (const [before, after] of cases) {
    const decoder = new Decoder({ version: before, maximumPacketSize: LIMIT });
    decoder.push(encode({ type: "CONNECT", clientId: "a" }, after));
    decoder.push(encode({ type: "SUBSCRIBE", packetId: 1, subscriptions: [{ filter: "a" }] }, after));
    deepStrictEqual(decoder.next()?.violations, []);
    strictEqual(decoder.version, after);
    deepStrictEqual(decoder.next()?.violations, []);
  }
});

Deno.test("a CONNECT of 3.1 may end before the user name that its flags announce", () => {
  const frame = decodeOne(
    encode({ type: "CONNECT", clientId: "a", wire: { connectFlags: 0xc2 } }, "3.1"),
    "3.1",
  );
  strictEqual(frame.kind, "packet");
  deepStrictEqual(frame.violations, []);
});
