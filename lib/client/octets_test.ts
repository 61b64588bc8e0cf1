import { deepEqual, equal } from "node:assert/strict";
import { bytesOf, OCTETS, octetsOf } from "./octets.ts";

Deno.test("bytes are text where they are UTF-8, else hexadecimal, and come back as they were", () => {
  const cases: readonly (readonly [bytes: number[], octets: unknown])[] = [
    [[], ""],
    [[0x61], "a"],
    [[0xef, 0xbb, 0xbf, 0x61], "\ufeffa"],
    [[0x00], "\0"],
    [[0x61, 0xff], { hex: "61ff" }],
    [[0xed, 0xa0, 0x80], { hex: "eda080" }],
  ];
  for (const [bytes, octets] of cases) {
    deepEqual(octetsOf(Uint8Array.from(bytes)), octets);
    deepEqual(bytesOf(octets), Uint8Array.from(bytes));
    equal(OCTETS.problem(octets, "it"), undefined);
  }
});
