import assert from "node:assert/strict";
import { type Prose, proseOf } from "./prose.ts";
import { phraseFaults, readPhrases, speller, type WordFault } from "./words.ts";

const ROOT = new URL("../../", import.meta.url);
const CHECKED = ["README.md", "docs", "lib", "reports", "suites", "tools"];
/** Files of others, files that are wrong on purpose, and results of runs. */
const SKIPPED = /(?:^|\/)(?:testdata|results)\//;
const PHRASES = readPhrases(Deno.readTextFileSync(new URL("phrases.yaml", import.meta.url)));
const DICTIONARY = Deno.readTextFileSync(new URL("dictionary.txt", import.meta.url)).trimEnd().split("\n");

const prose = new Map(
  [...files()].map((file) => [file, proseOf(file, Deno.readTextFileSync(new URL(file, ROOT)))]),
);

Deno.test("prose is found in all folders", () => {
  for (const folder of CHECKED) {
    const found = [...prose].filter(([file]) => file.startsWith(folder)).flatMap(([, texts]) => texts);
    assert.ok(found.length > 10, `${folder}: ${found.length} texts`);
  }
});

Deno.test("no text has a phrase of the list", () => {
  assert.deepEqual(faultsOf((texts) => phraseFaults(texts, PHRASES)), []);
});

Deno.test("each phrase matches its example and not what to write instead", () => {
  for (const { phrase, instead, example } of PHRASES) {
    const pattern = new RegExp(phrase, "i");
    assert.match(example, pattern);
    for (const one of instead.split(", ")) assert.doesNotMatch(one, pattern);
  }
});

Deno.test("every word is in the dictionary", () => {
  assert.deepEqual(faultsOf(speller(DICTIONARY)), []);
});

Deno.test("the project's dictionary is sorted, without duplicates and without words that the language has", () => {
  assert.deepEqual(DICTIONARY, [...new Set(DICTIONARY)].sort());
  const check = speller([]);
  const needless = DICTIONARY.filter((word) => check([{ line: 1, text: word }]).length === 0);
  assert.deepEqual(needless, []);
});

Deno.test("proseOf() finds comments, joined texts and templates with their lines, and no keys", () => {
  const source =
    '// One\n// two\nconst a = "three small words " +\n  `and ${a} more`; /** Doc. */\nconst b = "key";\n';
  assert.deepEqual(proseOf("a.ts", source), [
    { line: 1, text: "One\ntwo" },
    { line: 4, text: "Doc." },
    { line: 3, text: "three small words and … more" },
  ]);
});

Deno.test("proseOf() finds paragraphs of Markdown without code, and comments and purposes of YAML", () => {
  const markdown = "# Head\n\nOne\ntwo\n\n```sh\ncode here now\n```\n- item\n";
  assert.deepEqual(proseOf("a.md", markdown), [
    { line: 1, text: "# Head" },
    { line: 3, text: "One\ntwo" },
    { line: 9, text: "- item" },
  ]);
  const yaml = "# Says\n# more\ncase: x\npurpose: it MUST\n  answer\nother: text\n";
  assert.deepEqual(proseOf("a.yaml", yaml), [{ line: 1, text: " Says  more" }, {
    line: 4,
    text: "it MUST answer",
  }]);
});

Deno.test("a phrase is found over a line break, and not in code", () => {
  const phrases = readPhrases("- { phrase: '\\bis told\\b', instead: gets, example: is told }");
  const found = phraseFaults([{ line: 1, text: "the text is\ntold" }, {
    line: 2,
    text: "the `is told` list",
  }], phrases);
  assert.deepEqual(found, [{
    line: 1,
    text: ['"is', 'told" in "the text is', 'told"; write: gets'].join(" "),
  }]);
});

Deno.test("a misspelled word is found, and no name, path, option or clause", () => {
  const texts = [{
    line: 3,
    text: "The retanied PUBLISH of pubSub at lib/qosx with --optoin [MQTT-1.2-3] and `cdoe`.",
  }];
  assert.deepEqual(speller([])(texts), [{ line: 3, text: 'unknown word "retanied"' }]);
  const [row] = proseOf("a.md", "| rxend-missing | Never coems |\n");
  assert.deepEqual(row && speller([])([row]), [{ line: 1, text: 'unknown word "coems"' }]);
});

function faultsOf(faults: (texts: readonly Prose[]) => readonly WordFault[]): readonly string[] {
  return [...prose].flatMap(([file, texts]) =>
    faults(texts).map(({ line, text }) => `${file}:${line}: ${text}`)
  );
}

function* files(paths: readonly string[] = CHECKED): Generator<string> {
  for (const path of paths) {
    const url = new URL(path, ROOT);
    if (Deno.statSync(url).isFile) {
      if (/\.(?:tsx?|md|yaml)$/.test(path) && path !== "tools/lint/phrases.yaml") yield path;
    } else if (!SKIPPED.test(`${path}/`)) {
      yield* files([...Deno.readDirSync(url)].map(({ name }) => `${path}/${name}`).sort());
    }
  }
}
