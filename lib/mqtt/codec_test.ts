import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { decodeOne, Decoder } from "./decode.ts";
import { encode } from "./encode.ts";
import type { Packet } from "./packet.ts";
import { PACKET_TYPES } from "./packet.ts";
import { PROPERTIES } from "./properties.ts";
import { bytesOf } from "./testdata/fixture.ts";
import { FIXTURES } from "./testdata/fixtures.ts";

const LIMIT = 1024;

function packetIn(bytes: Uint8Array, version: "3.1" | "3.1.1" | "5.0"): Packet {
  const frame = decodeOne(bytes, version);
  ok(frame.kind === "packet", `the frame is ${frame.kind}`);
  deepStrictEqual(frame.violations, []);
  deepStrictEqual(frame.raw, bytes);
  return frame.packet;
}

for (const { name, version, packet, draft, fields } of FIXTURES) {
  const bytes = bytesOf(fields);

  Deno.test(`decode() reads a ${name}`, () => deepStrictEqual(packetIn(bytes, version), packet));

  Deno.test(`encode() writes a ${name}`, () => deepStrictEqual(encode(draft ?? packet, version), bytes));

  Deno.test(`a ${name} comes back from encode() and decode() as it was`, () => {
    deepStrictEqual(packetIn(encode(packet, version), version), packet);
  });

  Deno.test(`decode() keeps a ${name} that is cut at any byte`, () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      const decoder = new Decoder({ version, maximumPacketSize: LIMIT });
      const piece = bytes.slice(0, cut);
      decoder.push(piece);
      // The reader reuses its buffer.
      const early = decoder.next();
      strictEqual(early === undefined, cut < bytes.length);
      piece.fill(0xff);
      decoder.push(bytes.subarray(cut));
      const frame = early ?? decoder.next();
      ok(frame?.kind === "packet");
      deepStrictEqual(frame.packet, packet);
      deepStrictEqual(frame.raw, bytes);
      strictEqual(decoder.next(), undefined);
      strictEqual(decoder.buffered, 0);
    }
  });

  Deno.test(`a ${name} whose body ends early is malformed or breaks a rule, and nothing throws`, () => {
    for (let cut = 2; cut < bytes.length; cut++) {
      const whole = encode({ type: "PINGREQ", wire: { body: bytes.slice(2, cut) } }, version);
      whole[0] = bytes[0] ?? 0;
      ok(decodeOne(whole, version).kind !== "broken");
    }
  });
}

Deno.test("the fixtures hold every packet type and every property", () => {
  const types = new Set(FIXTURES.map(({ packet }) => packet.type));
  deepStrictEqual(PACKET_TYPES.filter((type) => !types.has(type)), []);
  const names = new Set<string>();
  for (const { packet } of FIXTURES) {
    if ("properties" in packet) packet.properties.forEach(({ name }) => names.add(name));
    if (packet.type === "CONNECT") packet.will?.properties.forEach(({ name }) => names.add(name));
  }
  deepStrictEqual(PROPERTIES.map(({ name }) => name).filter((name) => !names.has(name)), []);
});

Deno.test("decode() reads all fixtures of a version from one stream for any size of its pieces", () => {
  for (const version of ["3.1.1", "5.0"] as const) {
    const wanted = FIXTURES.filter((fixture) => fixture.version === version);
    const stream = Uint8Array.from(wanted.flatMap(({ fields }) => [...bytesOf(fields)]));
    for (const size of [1, 2, 3, 7, 64, stream.length]) {
      const decoder = new Decoder({ version, maximumPacketSize: LIMIT });
      const got: Packet[] = [];
      for (let at = 0; at < stream.length; at += size) {
        decoder.push(stream.subarray(at, at + size));
        for (let frame = decoder.next(); frame; frame = decoder.next()) {
          ok(frame.kind === "packet");
          got.push(frame.packet);
        }
      }
      deepStrictEqual(got, wanted.map(({ packet }) => packet));
    }
  }
});
