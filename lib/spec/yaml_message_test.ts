import assert from "node:assert/strict";
import { readYaml } from "./yaml.ts";

/** Texts that are not YAML, each with the first message about it. */
const WRONG: readonly (readonly [text: string, message: string, hint: string | undefined])[] = [
  ["a:\n\t- b", "a tab as indentation", "indent with spaces"],
  ["a: @b", 'a value cannot begin with "@"', "put it into quotes"],
  ['a: "\\q"', "unknown escape in double quotes", "write \\\\ for a backslash, or use single quotes"],
  ["a: b: c", "a map on the line of a key", 'put a text that holds ": " into quotes, or use { }'],
  ["a: [b, c\nd: e", 'unclosed "["', undefined],
  ["a: [b # c]\nd: e", 'unclosed "["', 'a # begins a comment; write "#"'],
  ['a: "b', "a bracket, brace, comma or quote is missing", "close what was opened"],
  ["a: { b: ${c} }", "a ${…} within [ ] or { } needs quotes", 'write "${name}"'],
  ["a: 1\n---\nb: 2", "a second document in one file", "put it into a file of its own"],
];

for (const [text, message, hint] of WRONG) {
  Deno.test(`readYaml() says of ${JSON.stringify(text)}: ${message}`, () => {
    const [first] = readYaml(text, "f.yaml").problems;
    assert.deepEqual([first?.message, first?.hint], [message, hint]);
  });
}

Deno.test("readYaml() ignores brackets in quotes and comments when it looks for the unclosed one", () => {
  const text = 'a: "[" # {\nb: { c: 1\nd: 2';
  const [first] = readYaml(text, "f.yaml").problems;
  assert.equal(first?.message, 'unclosed "{"');
  assert.deepEqual([first?.place.line, first?.place.column], [2, 4]);
});
