import assert from "node:assert/strict";
import { jsonFault } from "./json_fault.ts";

/** Texts that are not JSON; `^` marks where that shows. */
const FAULTS: readonly string[] = [
  "^",
  "  ^",
  "^nul",
  "^'a'",
  '^"a',
  '^"a\n"',
  '^"\\x"',
  "{^a: 1}",
  '{"a" ^1}',
  '{"a": ^}',
  '{"a": [1, ^]}',
  '{"a": 1, ^}',
  '{"a": {"b": [1, 2^}}',
  "[1 ^2]",
  "[[], {}, ^",
  "[0^1]",
  "[1^.]",
  "1 ^1",
  "{}^]",
  "[[[[^",
];

Deno.test("jsonFault() returns the offset at which a text stops being JSON", () => {
  for (const marked of FAULTS) {
    const text = marked.replace("^", "");
    assert.throws(() => JSON.parse(text), SyntaxError, text);
    assert.equal(jsonFault(text), marked.indexOf("^"), marked);
  }
});

Deno.test("jsonFault() returns the end of a text that is JSON", () => {
  for (const text of ["1", ' {"a": [1, -2.5e3, null, true], "b": {}, "c": "\\u00e9\\"" } ', "[]", '""']) {
    JSON.parse(text);
    assert.equal(jsonFault(text), text.length, text);
  }
});
