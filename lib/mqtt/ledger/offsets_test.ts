import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { encode } from "../encode.ts";
import { PROTOCOL_VERSIONS } from "../packet.ts";
import { propertyNamed } from "../properties.ts";
import { packets } from "../testdata/arbitraries.ts";
import { codeAt, packetIdAt, propertyAt } from "./offsets.ts";

const seed = Number(Deno.env.get("ATTEST_SEED") ?? Math.floor(Math.random() * 2 ** 31));
console.log(`offsets: seed ${seed}; ATTEST_SEED=${seed} runs them again`);

for (const version of PROTOCOL_VERSIONS) {
  Deno.test(`the fields of a packet of ${version} are at the returned offsets`, () => {
    fc.assert(
      fc.property(packets(version), (packet) => {
        const bytes = encode(packet, version);
        if ("packetId" in packet && packet.packetId !== undefined) {
          const at = packetIdAt(packet, bytes.length);
          strictEqual(new DataView(bytes.buffer, bytes.byteOffset + at).getUint16(0), packet.packetId);
        }
        if ("reasons" in packet) {
          const codes = packet.reasons.map((_, index) => bytes[codeAt(packet.reasons, index, bytes.length)]);
          deepStrictEqual(codes, [...packet.reasons]);
        }
        if (!("properties" in packet)) return;
        for (const { name } of packet.properties) {
          strictEqual(bytes[propertyAt(packet, bytes.length, name)], propertyNamed(name)?.id, name);
        }
      }),
      { seed, numRuns: 1000 },
    );
  });
}

Deno.test("a missing field has the offset 0", () => {
  strictEqual(packetIdAt({ type: "PINGREQ" }, 2), 0);
  strictEqual(propertyAt({ type: "PINGREQ" }, 2, "reasonString"), 0);
  strictEqual(propertyAt({ type: "AUTH", reason: 0, properties: [] }, 2, "reasonString"), 0);
});
