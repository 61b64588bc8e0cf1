import assert from "node:assert/strict";
import { type Data, Scope } from "../../spec/scope.ts";
import { toValue, type Value } from "../../spec/value.ts";
import { readYaml } from "../../spec/yaml.ts";
import { describeExpected, mismatch } from "./compare.ts";

/** A value as a file gives it. */
function value(text: string): Value {
  const { root, problems } = readYaml(text, "test.yaml");
  assert.ok(root && problems.length === 0, JSON.stringify(problems));
  return toValue(root, (problem) => assert.fail(problem.message));
}

const bytes = (text: string) => new TextEncoder().encode(text);
const scope = new Scope().set("id", 7).set("name", "007").set("raw", Uint8Array.of(1, 2))
  .set("map", { a: [1, { b: "x" }] });

function problem(expected: string, actual: Data | undefined, among = scope): string | undefined {
  return mismatch(value(expected), actual, among);
}

const FITS: readonly (readonly [expected: string, actual: Data | undefined])[] = [
  ["1", 1],
  ["true", true],
  ["a/b", "a/b"],
  ["007", "007"],
  ["3.10", "3.10"],
  ['"1"', "1"],
  ["1", "1"],
  ["hello", bytes("hello")],
  ["{ hex: '00ff' }", Uint8Array.of(0, 255)],
  ["{ repeat: ab, times: 3 }", "ababab"],
  ["{ join: [a, { hex: '62' }] }", "ab"],
  ['""', new Uint8Array()],
  ["[1, 2]", 2],
  ["[1, 2]", [1, 2]],
  ["[[0, 128], 1]", [128, 1]],
  ["[any, absent]", [5]],
  ["any", 0],
  ["any", ""],
  ["absent", undefined],
  ["[0, absent]", undefined],
  ["[0, absent]", 0],
  ["{ optional: 5 }", undefined],
  ["{ optional: 5 }", 5],
  ["{ not: 5 }", 6],
  ["{ not: 5 }", undefined],
  ["{ not: [1, 2] }", 3],
  ["{ not: absent }", 0],
  ["{ between: [1, 3] }", 1],
  ["{ between: [1, 3] }", 3],
  ["{ between: [-5, -1] }", "-3"],
  ["{ oneOf: [[1], [1, 2]] }", [1, 2]],
  ["{ contains: ell }", "hello"],
  ["{ contains: ell }", bytes("hello")],
  ["{ contains: '' }", ""],
  ["{ prefix: he }", "hello"],
  ["{ size: 5 }", "hello"],
  ["{ size: { between: [4, 6] } }", bytes("hello")],
  ["{ size: 3 }", "€"],
  ["{ reasonString: any, userProperty: [[a, b]] }", { reasonString: "x", userProperty: [["a", "b"]] }],
  ["{ serverKeepAlive: absent }", {}],
  ["{ inOrder: [1, 3] }", [0, 1, 2, 3, 4]],
  ["{ inOrder: [1, 1] }", [1, 2, 1]],
  ["{ inOrder: [1] }", 1],
  ["{ inOrder: [[a, 1], [b, any]] }", [["x", "y"], ["a", "1"], ["b", "2"]]],
  ["{ anyOrder: [1, 2, 2] }", [2, 1, 2]],
  ["{ anyOrder: [7] }", 7],
  ["{ anyOrder: [$id, any] }", [1, 7]],
  ["$id", 7],
  ["$id", "7"],
  ["$name", "007"],
  ["$raw", Uint8Array.of(1, 2)],
  ["$map", { a: [1, { b: "x" }] }],
  ["$map.a", [1, { b: "x" }]],
  ["n-$id", "n-7"],
];

const DIFFERS: readonly (readonly [expected: string, actual: Data | undefined, problem: string])[] = [
  ["1", 2, "is 2, expected 1"],
  ["1", undefined, "is missing, expected 1"],
  ['"1"', 1, 'is 1, expected "1"'],
  ["7", "007", 'is "007", expected 7'],
  ["007", "7", 'is "7", expected 7'],
  ["true", 1, "is 1, expected true"],
  ["any", undefined, "is missing"],
  ["[0, absent]", 1, "is 1, expected 0 or none"],
  ["[0, 1]", undefined, "is missing, expected 0 or 1"],
  ["absent", 0, "is 0, expected none"],
  ["hello", bytes("hullo"), 'is "hullo", expected "hello"'],
  ["hello", Uint8Array.of(0xff), 'is 1 bytes, expected "hello"'],
  ["[1, 2]", 3, "is 3, expected 1 or 2"],
  ["[1, 2]", [1], "has item 2 that is missing, expected 2"],
  ["[1, 2]", [1, 2, 3], "has 3 items, expected 2"],
  ["[[0, 128], 1]", [5, 1], "has item 1 that is 5, expected 0 or 128"],
  ["{ not: 5 }", 5, "is 5, expected anything else"],
  ["{ not: absent }", undefined, "is nothing, expected anything else"],
  ["{ optional: 5 }", 6, "is 6, expected 5"],
  ["{ between: [1, 3] }", 4, "is 4, expected between 1 and 3"],
  ["{ between: [0, 3] }", "", 'is "", expected between 0 and 3'],
  ["{ between: [0, 3] }", [1], "is a list, expected between 0 and 3"],
  ["{ between: [0, 3] }", undefined, "is missing, expected between 0 and 3"],
  ["{ contains: x }", "hello", 'is "hello", expected containing "x"'],
  ["{ prefix: hello }", "he", 'is "he", expected beginning with "hello"'],
  ["{ size: 4 }", "hello", "has 5 bytes, expected of the size 4"],
  ["{ reasonString: x }", {}, 'has reasonString that is missing, expected "x"'],
  ["{ reasonString: absent }", { reasonString: "x" }, 'has reasonString that is "x", expected none'],
  ["{ reasonString: x }", 5, "is 5, expected a group of fields"],
  ["{ inOrder: [1, 2] }", [2, 1], "does not have 2 at its place in the order 1, then 2"],
  ["{ inOrder: [1, 1] }", [1], "does not have 1 at its place in the order 1, then 1"],
  [
    "{ inOrder: [[a, 1], [b, 2]] }",
    [["a", "1"], ["b", "3"]],
    'does not have ["b", 2] at its place in the order ["a", 1], then ["b", 2]',
  ],
  ["{ inOrder: [1] }", undefined, "is missing, expected 1"],
  ["{ anyOrder: [1, 2] }", [2, 2], "does not contain 1, expected 1 and 2 in any order"],
  ["{ anyOrder: [1, 2] }", [2], "has 1 items, expected 1 and 2 in any order"],
  ["{ anyOrder: [1, 2] }", [2, 1, 3], "has 3 items, expected 1 and 2 in any order"],
  ["{ anyOrder: [1] }", undefined, "is missing, expected 1 in any order"],
  ["$id", 8, "is 8, expected 7"],
  ["$id", undefined, "is missing, expected 7"],
  ["$map", { a: [1, { b: "y" }] }, "is a map, expected a map"],
  ["$map", {}, "is a map, expected a map"],
];

Deno.test("mismatch() finds nothing when the received value matches", () => {
  for (const [expected, actual] of FITS) {
    assert.equal(problem(expected, actual), undefined, `${expected} for ${JSON.stringify(actual)}`);
  }
});

Deno.test("mismatch() says what was found and what was expected", () => {
  for (const [expected, actual, sentence] of DIFFERS) {
    assert.equal(problem(expected, actual), sentence, `${expected} for ${JSON.stringify(actual)}`);
  }
});

Deno.test("a row's words and lists count as if they stood in the step", () => {
  const row = new Scope(scope).bind("word", value("absent")).bind("choice", value("[1, 2]"))
    .bind("zeros", value("007"));
  assert.equal(problem("$word", undefined, row), undefined);
  assert.equal(problem("$word", 1, row), "is 1, expected none");
  assert.equal(problem("$choice", 2, row), undefined);
  assert.equal(problem("$zeros", "007", row), undefined);
  assert.equal(problem("$zeros", "7", row) === undefined, false);
});

Deno.test("quoted words are text, not words of the language", () => {
  assert.equal(problem('"any"', 5), 'is 5, expected "any"');
  assert.equal(problem('"absent"', "absent"), undefined);
});

Deno.test("an unknown variable is an error with its place, not a mismatch", () => {
  assert.throws(() => problem("$nowhere", 1), { name: "ValueError", message: 'unknown variable "$nowhere"' });
});

Deno.test("an expectation in words says what it allows", () => {
  const words: readonly (readonly [string, string])[] = [
    ["any", "any"],
    ["absent", "none"],
    ["[1, 2]", "1 or 2"],
    ["{ not: 0 }", "not 0"],
    ["{ hex: '00ff' }", "2 bytes"],
    ["n-$id", '"n-7"'],
  ];
  for (const [text, expected] of words) assert.equal(describeExpected(value(text), scope), expected);
});
