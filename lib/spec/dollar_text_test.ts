import assert from "node:assert/strict";
import fc from "fast-check";
import { splitDollars } from "./dollar_text.ts";

const LETTERS = /[a-z]+/y;

/** The parts of a text, with each name shown as `<name>`. */
function shown(text: string): readonly string[] {
  return splitDollars(text, LETTERS).parts.map((part) => typeof part === "string" ? part : `<${part.name}>`);
}

Deno.test("splitDollars() takes the longest name, in braces or without", () => {
  assert.deepEqual(shown("a/$client/b"), ["a/", "<client>", "/b"]);
  assert.deepEqual(shown("$client1${b}c"), ["<client>", "1", "<b>", "c"]);
  assert.deepEqual(shown(""), [""]);
});

Deno.test("splitDollars() reads two dollar signs as one", () => {
  assert.deepEqual(shown("$$SYS/$$a$$$b"), ["$SYS/$a$", "<b>"]);
});

Deno.test("splitDollars() returns the places of names, including their braces", () => {
  assert.deepEqual(splitDollars("x${ab}", LETTERS).parts, ["x", { name: "ab", at: 1, length: 5 }]);
});

Deno.test("splitDollars() keeps a dollar sign without a name, and names the first", () => {
  assert.deepEqual(splitDollars("a $5 $", LETTERS), {
    parts: ["a $5 $"],
    mistake: { kind: "nameless", at: 2, length: 1 },
  });
  assert.deepEqual(splitDollars("${}", LETTERS).mistake, { kind: "nameless", at: 0, length: 3 });
  assert.deepEqual(splitDollars("$a ${b", LETTERS).mistake, { kind: "unclosed", at: 3, length: 1 });
});

Deno.test("splitDollars() loses no character of any text", () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."$${}.a_1/ ".split("")) }), (text) => {
    const { parts, mistake } = splitDollars(text, LETTERS);
    if (mistake) return;
    const again = parts.map((part) =>
      typeof part === "string" ? part.replaceAll("$", "$$$$") : text.slice(part.at, part.at + part.length)
    );
    assert.equal(again.join(""), text);
  }));
});
