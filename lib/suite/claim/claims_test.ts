import assert from "node:assert/strict";
import type { Value } from "../../spec/value.ts";
import { amountOf, amountText, claimsIn, supportsAtAll } from "./claims.ts";

const place = { file: "t", line: 1, column: 1, length: 1 };
const literal = (value: string | number): Value => ({ kind: "literal", value, source: String(value), place });

Deno.test("claimsIn() returns a list in every protocol, and a map in its own", () => {
  const values = new Map([["largest", literal(1)]]);
  assert.deepEqual(claimsIn({ supports: ["qos1"], values }, "5.0"), { supports: ["qos1"], values });
  const supports = new Map([["3.1.1", ["qos1"]], ["5.0", ["qos1", "qos2"]]]);
  const valuesIn = new Map([["5.0", new Map([["largest", literal(2)]])]]);
  const all = { supports, values, valuesIn };
  assert.deepEqual(claimsIn(all, "3.1.1"), { supports: ["qos1"], values });
  assert.deepEqual(claimsIn(all, "5.0").values.get("largest"), literal(2));
  assert.deepEqual(claimsIn(all, "3.1").supports, []);
  assert.deepEqual(supportsAtAll(all), ["qos1", "qos2"]);
});

Deno.test("amountOf() reads a number, and one that no limit was met at", () => {
  assert.deepEqual(amountOf(literal(64)), { most: 64 });
  assert.deepEqual(amountOf(literal("at least 1000")), { most: 1_000, atLeast: true });
  for (const wrong of [literal("64"), literal(-1), literal(1.5), literal("at least many"), undefined]) {
    assert.equal(amountOf(wrong), undefined);
  }
  assert.deepEqual(["64", "at least 9"], [amountText({ most: 64 }), amountText({ most: 9, atLeast: true })]);
});
