import assert from "node:assert/strict";
import fc from "fast-check";
import { entryOf, type Node } from "./node.ts";
import { DEEPEST_NESTING, LARGEST_FILE, readYaml } from "./yaml.ts";

function root(text: string): Node {
  const { root, problems } = readYaml(text, "f.yaml");
  assert.deepEqual(problems, []);
  assert.ok(root);
  return root;
}

function messages(text: string): readonly string[] {
  return readYaml(text, "f.yaml").problems.map(({ message, place }) =>
    `${place.line}:${place.column} ${message}`
  );
}

Deno.test("readYaml() returns keys and values with their places", () => {
  const map = root("first: 1\nsecond:\n  - a\n  - bc # said\n");
  assert.equal(map.kind, "map");
  const second = map.kind === "map" ? entryOf(map, "second") : undefined;
  assert.deepEqual(second?.keyPlace, { file: "f.yaml", line: 2, column: 1, length: 6 });
  const item = second?.value.kind === "list" ? second.value.items[1] : undefined;
  assert.deepEqual(item?.place, { file: "f.yaml", line: 4, column: 5, length: 2 });
});

Deno.test("readYaml() counts columns in characters, not in UTF-16 units", () => {
  const map = root('{ "🦕🦕": x }');
  const entry = map.kind === "map" ? map.entries[0] : undefined;
  assert.equal(entry?.keyPlace.length, 4);
  assert.equal(entry?.value.place.column, 9);
});

Deno.test("readYaml() counts lines that end in CR LF or CR alone", () => {
  for (const end of ["\n", "\r\n"]) {
    const map = root(`a: 1${end}b: 2${end}`);
    assert.equal(map.kind === "map" ? map.entries[1]?.keyPlace.line : 0, 2);
  }
});

Deno.test("readYaml() reads scalars by the core schema and keeps how they were written", () => {
  const list = root("[007, 0x81, 3.10, yes, true, ~, 'true', \"a\\tb\"]");
  const scalars = list.kind === "list"
    ? list.items.map((item) => item.kind === "scalar" ? [item.value, item.source, item.plain] : [])
    : [];
  assert.deepEqual(scalars, [
    [7, "007", true],
    [129, "0x81", true],
    [3.1, "3.10", true],
    ["yes", "yes", true],
    [true, "true", true],
    [null, "~", true],
    ["true", "true", false],
    ["a\tb", "a\tb", false],
  ]);
});

Deno.test("readYaml() refuses what makes a file hard to judge", () => {
  assert.deepEqual(messages("a: &x 1\nb: *x"), [
    '1:4 anchor "&x", which is not supported',
    "2:4 an alias, which is not supported",
  ]);
  assert.deepEqual(messages("a: !!str 5"), ["1:5 a tag, which is not supported"]);
  assert.deepEqual(messages("<<: { a: 1 }"), ["1:1 a merge key, which is not supported"]);
  assert.deepEqual(messages("a: 1\nb: 2\na: 3"), ['3:1 duplicate key "a"']);
  assert.deepEqual(messages("a: 1\n---\nb: 1"), ["2:1 a second document in one file"]);
  assert.deepEqual(messages("%YAML 1.1\n---\na: 1"), ["1:1 a directive, which is not supported"]);
  assert.deepEqual(messages("? [a, b]\n: 1"), ["1:3 a key that is not a single value"]);
});

Deno.test("readYaml() bounds the size and the depth of a file", () => {
  assert.deepEqual(messages("#".repeat(LARGEST_FILE + 1)), [
    `1:1 the file has ${LARGEST_FILE + 1} characters, more than ${LARGEST_FILE}`,
  ]);
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  assert.deepEqual(messages(nested(DEEPEST_NESTING)), []);
  assert.match(messages(nested(DEEPEST_NESTING + 2))[0] ?? "", /more than 32 levels/);
});

Deno.test("readYaml() returns no root for a file without content", () => {
  for (const text of ["", "\n\n", "# nothing\n"]) {
    assert.deepEqual(readYaml(text, "f.yaml"), { problems: [] });
  }
});

Deno.test("readYaml() never throws, and returns a root or a problem", () => {
  const signs = fc.constantFrom(..."[]{}:,-?&*!|>'\"#%@`\\ \n\t$ab1~<.".split(""));
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.string({ unit: signs, maxLength: 200 }),
  );
  fc.assert(fc.property(text, (text) => {
    const { root, problems } = readYaml(text, "f.yaml");
    assert.ok(root === undefined || problems.length === 0);
    for (const { place } of problems) assert.ok(place.line >= 1 && place.column >= 1 && place.length >= 1);
  }));
});
