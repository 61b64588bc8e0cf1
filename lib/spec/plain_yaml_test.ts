import assert from "node:assert/strict";
import fc from "fast-check";
import { Lines } from "./lines.ts";
import { readPlainYaml } from "./plain_yaml.ts";
import { DEEPEST_NESTING, readAnyYaml } from "./yaml.ts";

const ROOT = new URL("../../", import.meta.url);
const FILES = ["suites/", "expectations/", "proofs/", "examples/"].flatMap((
  folder,
) => [...yamlBelow(new URL(folder, ROOT))]);
const TEXTS = FILES.map((url) => Deno.readTextFileSync(url));

function* yamlBelow(folder: URL): Generator<URL> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* yamlBelow(new URL(`${name}/`, folder));
    else if (name.endsWith(".yaml")) yield new URL(name, folder);
  }
}

/** Whether the plain reader accepts a text. If so, its result must equal the library's. */
function takes(text: string): boolean {
  const lines = new Lines(text, "f.yaml");
  const plain = readPlainYaml(lines, DEEPEST_NESTING);
  if (!plain) return false;
  const { root, problems } = readAnyYaml(lines);
  assert.deepEqual(problems, [], text);
  assert.deepEqual(plain, root, text);
  return true;
}

Deno.test("readPlainYaml() reads the shipped suites like the library, and nearly all by itself", () => {
  const taken = FILES.filter((_, index) => takes(TEXTS[index] ?? ""));
  const suites = (urls: readonly URL[]) =>
    urls.filter(({ pathname }) => /\/suites\/(at|client|mqtt)\//.test(pathname)).length;
  assert.ok(suites(taken) >= suites(FILES) - 3, `${suites(taken)} of ${suites(FILES)}`);
});

const TAKEN: readonly string[] = [
  "a: 1",
  "a: b c  # said\nd:\n  - e\n  -   - f\n      - g: h\n        i: j\n",
  "a:\n- b\n- c\nd: e\n",
  "a: { b: c, 'd': [e, \"f\"], g: {} }\n",
  "- [a: b, c, { d: e }]\n- []\n",
  "a: [\n  b, # said\n\n  c,\n  ]\n",
  "a: one\n  and two\n  and three\nb: c\n",
  'a: "one \\x41\\u00e9\\U0001f600\\n\\"\\\\\\/"\n',
  'a: "one\n  and two"\n',
  "a: 'it''s'\n",
  "a: [0, -0, +1, 007, 0x1F, 3.10, .5, 5., 1e3, -1.5E-3, 1_0, 1.2.3, true, True, yes, null, ~, nil]\n",
  "http://a: b:c\n$a -> b: -c\n",
  "# first\n\n# second\na:\n  # third\n  b: c\n# last\n",
  '"a b": c\n"": d\n',
];

Deno.test("readPlainYaml() reads what suites are written in", () => {
  for (const text of TAKEN) assert.ok(takes(text), text);
});

const LEFT: readonly string[] = [
  ...["", "# nothing\n", "a", " a: b\n", "a:\n", "- \n", "a: b\n c: d\n", "a: b\n- c\n"],
  ...["a: &b c\n", "a: *b\n", "a: !b c\n", "a: |\n  b\n", "a: >\n  b\n", "? a\n: b\n", "<<: { a: b }\n"],
  ...["---\na: b\n", "%YAML 1.2\n", "a: b\n...\n", "a:\tb\n", "a: b\r\n", "\ufeffa: b\n"],
  ...["a: b\na: c\n", "{ a: b, a: c }\n", "a: b: c\n", "a: [b\n", "a: [b] c\n", "a: [b,, c]\n", "a: [\nb]\n"],
  ...["a: 'b\n  c'\n", 'a: "b\n\n  c"\n', 'a: "b\nc"\n', 'a: "\\q"\n', 'a: "b\\\n  c"\n', 'a: "b\n'],
  ...[
    "a: 0o17\n",
    "a: .inf\n",
    "a: [b c\n  d]\n",
    "a :b\n",
    "a : b\n",
    "{ a }\n",
    "{ a:b }\n",
    "a: @b\n",
    "a: `b\n",
  ],
  ..."a:\n  b: c\n  # said of b\nd: e\n|a:\n  - b\n  # said of b\n".split("|"),
];

Deno.test("readPlainYaml() leaves all else, and every mistake, to the library", () => {
  for (const text of LEFT) assert.equal(takes(text), false, text);
});

Deno.test("readPlainYaml() leaves a text that is nested too deep to the library", () => {
  const nested = (depth: number) => `a: ${"[".repeat(depth)}${"]".repeat(depth)}`;
  assert.ok(takes(nested(DEEPEST_NESTING)));
  assert.equal(takes(nested(DEEPEST_NESTING + 1)), false);
  assert.equal(takes("- ".repeat(200_000) + "a\n"), false);
  assert.equal(takes("[".repeat(200_000)), false);
});

/** A few lines of a shipped file, with their indentation removed. */
const part = fc.tuple(fc.constantFrom(...TEXTS), fc.nat(), fc.integer({ min: 1, max: 10 })).map(
  ([text, at, count]) => {
    const lines = text.split("\n");
    const from = at % lines.length;
    const some = lines.slice(from, from + count);
    const indents = some.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
    const least = Math.min(...indents, 100);
    return some.map((line) => line.slice(least)).join("\n");
  },
);
const sign = fc.constantFrom(
  ...[
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    "-",
    "?",
    "&a",
    "*a",
    "!",
    "|",
    ">",
    "'",
    '"',
    "#",
    "%",
    "@",
    "`",
    "\\",
    "$",
    "<",
  ],
  ...[
    " ",
    "  ",
    "\n",
    "\n\n",
    ": ",
    "- ",
    " #",
    ". ",
    "---",
    "<<: 1",
    "[]",
    "{}",
    "[a: b]",
    "a:b",
    "''",
    '""',
    "'it''s'",
  ],
  ...[
    "0",
    "-0",
    "+1",
    "1.",
    ".5",
    "1e3",
    "0x1f",
    "0o17",
    ".inf",
    "true",
    "null",
    "~",
    "é",
    "😀",
    '"a\n  b"',
    '"\\x41"',
  ],
);
/** A place in a text and the change to make there. */
const change = fc.record({ at: fc.nat(), cut: fc.nat({ max: 4 }), put: fc.oneof(sign, fc.constant("")) });

Deno.test("readPlainYaml() reads what is left of a suite after any change as the library does, or not at all", () => {
  const text = fc.tuple(part, fc.array(change, { maxLength: 3 }), fc.constantFrom("", "\n")).map(
    ([whole, changes, end]) =>
      changes.reduce((text, { at, cut, put }) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + put + text.slice(place + (put === "" ? cut : 0));
      }, whole) + end,
  );
  let taken = 0;
  fc.assert(fc.property(text, (text) => void (takes(text) && taken++)), { numRuns: 5_000 });
  assert.ok(taken > 500, `${taken} were read`);
});
