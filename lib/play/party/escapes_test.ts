import assert from "node:assert/strict";
import { Scope } from "../../spec/scope.ts";
import type { Value } from "../../spec/value.ts";
import { typedBytes } from "./typed_bytes.ts";

const place = { file: "x", line: 1, column: 1, length: 1 };
const text = (value: string): Value => ({ kind: "literal", value, source: value, place });
const typed = (args: readonly Value[], escapes?: string) =>
  new TextDecoder().decode(
    typedBytes({ kind: "command", name: "+X", form: "write", args }, new Scope(), escapes),
  );

Deno.test("typedBytes() puts a backslash before the characters that a dialect escapes, in quotes only", () => {
  const bare: Value = { kind: "map", entries: [["bare", text('a"b')]], place };
  assert.equal(typed([text('a"b,c\\d'), bare]), 'AT+X="a"b,c\\d",a"b\r');
  assert.equal(typed([text('a"b,c\\d'), bare], '"\\,'), 'AT+X="a\\"b\\,c\\\\d",a"b\r');
});

Deno.test("typedBytes() types a flag the other way round, and the length of a text in bytes", () => {
  const of = (key: string, value: Value): Value => ({ kind: "map", entries: [[key, value]], place });
  const number = (value: number): Value => ({ kind: "literal", value, source: String(value), place });
  assert.equal(
    typed([of("invert", number(1)), of("invert", number(0)), of("lengthOf", text("é"))]),
    "AT+X=0,1,2\r",
  );
});
