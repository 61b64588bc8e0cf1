import assert from "node:assert/strict";
import { Scope } from "../../../spec/scope.ts";
import { parseText, type Value } from "../../../spec/value.ts";
import { describeExpected, mismatch } from "../compare.ts";

const place = { file: "x", line: 1, column: 1, length: 1 };
const number = (value: number): Value => ({ kind: "literal", value, source: String(value), place });
const [path] = parseText("$code").parts;

Deno.test("a sum matches the number that its parts make, and says so in words", () => {
  assert.ok(typeof path === "object");
  const items: Value[] = [{ kind: "variable", path, place }, number(26)];
  const expected: Value = { kind: "map", entries: [["sum", { kind: "list", items, place }]], place };
  const scope = new Scope().set("code", 4);
  assert.equal(mismatch(expected, 30, scope), undefined);
  assert.equal(mismatch(expected, 27, scope), "is 27, expected 30");
  assert.equal(mismatch(expected, undefined, scope), "is missing, expected 30");
  assert.equal(describeExpected(expected, scope), "30");
});
