/** Compares the codec with npm's mqtt-packet on generated packets, in both directions. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import mqttPacket from "mqtt-packet";
import { decodeOne } from "./decode.ts";
import { encode } from "./encode.ts";
import type { Packet, ProtocolVersion } from "./packet.ts";
import { packets } from "./testdata/arbitraries.ts";
import { asTheirs, LEVELS, seenByThem } from "./testdata/mqtt_packet.ts";

const seed = Number(Math.floor(Math.random() * 0x7fff_ffff));
console.log(`mqtt-packet comparison: seed ${seed}`);
const RUNS = { seed, numRuns: 1500 };

// mqtt-packet supports 3.1 only in the name and level of CONNECT.
const VERSIONS = ["3.1", "3.1.1", "5.0"] as const satisfies readonly ProtocolVersion[];

function readByThem(bytes: Uint8Array, version: ProtocolVersion): mqttPacket.Packet[] {
  const parser = mqttPacket.parser({ protocolVersion: LEVELS[version] });
  const got: mqttPacket.Packet[] = [];
  parser.on("packet", (packet: mqttPacket.Packet) => got.push(packet));
  parser.on("error", (error: Error) => {
    throw error;
  });
  strictEqual(parser.parse(Buffer.from(bytes)), 0, "bytes are left over");
  return got;
}

function readByUs(bytes: Uint8Array, version: ProtocolVersion): Packet {
  const frame = decodeOne(bytes, version);
  ok(frame.kind === "packet", `the frame is ${frame.kind}: ${JSON.stringify(frame.violations)}`);
  deepStrictEqual(frame.violations, []);
  return frame.packet;
}

for (const version of VERSIONS) {
  Deno.test(`what encode() writes in ${version} mqtt-packet reads as the same packet`, () => {
    fc.assert(
      fc.property(packets(version), (packet) => {
        const got = readByThem(encode(packet, version), version);
        strictEqual(got.length, 1);
        deepStrictEqual(got.map(seenByThem), [seenByThem(asTheirs(packet, version))]);
      }),
      RUNS,
    );
  });

  Deno.test(`what mqtt-packet writes in ${version} decode() reads as the same packet`, () => {
    fc.assert(
      fc.property(packets(version), (packet) => {
        const bytes = mqttPacket.generate(asTheirs(packet, version), { protocolVersion: LEVELS[version] });
        deepStrictEqual(readByUs(bytes, version), packet);
      }),
      RUNS,
    );
  });

  Deno.test(`encode() and decode() undo each other on any packet of ${version}`, () => {
    fc.assert(
      fc.property(
        packets(version),
        (packet) => deepStrictEqual(readByUs(encode(packet, version), version), packet),
      ),
      RUNS,
    );
  });
}
