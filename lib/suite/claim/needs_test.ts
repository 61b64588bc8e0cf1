import assert from "node:assert/strict";
import type { Value } from "../../spec/value.ts";
import { loadSuite } from "../file/load.ts";
import type { Case } from "../file/model.ts";
import { beyondCapacity } from "./needs.ts";

const place = { file: "t", line: 1, column: 1, length: 1 };

function known(values: Readonly<Record<string, string | number>>): (name: string) => Value | undefined {
  return (name) => {
    const value = values[name];
    return value === undefined ? undefined : { kind: "literal", value, source: String(value), place };
  };
}

function casesOf(body: string): readonly Case[] {
  const text = `suite: demo\ntitle: Demo\nprotocols: ["3.1.1"]\nvalues: { largest: 500 }\ncases:
  - { case: one, purpose: it MUST, ${body}, steps: [c -> CONNECT] }\n`;
  const { suite, problems } = loadSuite(text, "t.yaml");
  assert.deepEqual(problems, []);
  return suite?.cases ?? [];
}

/** The reason for each row on a target with these capacities. */
function reasons(
  body: string,
  values: Readonly<Record<string, string | number>>,
): readonly (string | undefined)[] {
  return casesOf(body).map(({ needs }) => beyondCapacity(needs, known(values))?.reason);
}

Deno.test("a case needs no more than its target takes", () => {
  const body = "needs: { topicLevels: 128 }";
  assert.deepEqual(reasons(body, { topicLevels: 64 }), [
    "capacity: the target accepts 64 topic levels, this case needs 128",
  ]);
  assert.deepEqual(reasons(body, { topicLevels: 128 }), [undefined]);
  assert.deepEqual(reasons(body, { topicLevels: "at least 64" }), [undefined]);
  assert.deepEqual(reasons(body, {}), [undefined]);
});

Deno.test("a need may be a sum with variables of the row and values of the suite", () => {
  const rows = "matrix: { size: [10, 100] }, needs: { largestPacket: $size + 40 }";
  assert.deepEqual(reasons(rows, { largestPacket: 60 }), [
    undefined,
    "capacity: the target accepts 60 bytes in a packet, this case needs 140",
  ]);
  const value = "needs: { largestPacket: $largest + 40 }";
  assert.deepEqual(reasons(value, { largestPacket: 200, largest: 161 }), [
    "capacity: the target accepts 200 bytes in a packet, this case needs 201",
  ]);
  assert.deepEqual(reasons(value, { largestPacket: 200, largest: 160 }), [undefined]);
});

Deno.test("a need may count the levels or the bytes of a text of the row", () => {
  const levels = 'matrix: { name: [a, a/b/c, "$case/b"] }, needs: { topicLevels: levels of $name + 2 }';
  assert.deepEqual(reasons(levels, { topicLevels: 4 }), [
    undefined,
    "capacity: the target accepts 4 topic levels, this case needs 5",
    undefined,
  ]);
  const bytes =
    'table: [{ p: { hex: "00 61" } }, { p: é }, { p: { repeat: x, times: 9 } }], needs: { largestPacket: bytes of $p }';
  assert.deepEqual(reasons(bytes, { largestPacket: 2 }), [
    undefined,
    undefined,
    "capacity: the target accepts 2 bytes in a packet, this case needs 9",
  ]);
});

Deno.test("what a topic needs, the packet around it needs too", () => {
  assert.deepEqual(reasons("needs: { topicLevels: 300 }", { largestPacket: 200 }), [
    "capacity: the target accepts 200 bytes in a packet, this case needs 300",
  ]);
});
