import assert from "node:assert/strict";
import { CLIENT_WORDS, fill, MESSAGE_WORDS, parseTemplate, uses } from "./template.ts";

function filled(text: string, words: Parameters<typeof fill>[1]): string {
  const read = parseTemplate(text, [...CLIENT_WORDS, ...MESSAGE_WORDS]);
  assert.ok("template" in read);
  return fill(read.template, words);
}

Deno.test("words are filled in, and $$ is a dollar sign", () => {
  assert.equal(filled("a/$client/b${topic}c", { client: 7, topic: 0 }), "a/7/b0c");
  assert.equal(filled("$$share/g/$run", { run: "ab" }), "$share/g/ab");
  assert.equal(filled("plain", {}), "plain");
  assert.equal(filled("$client-$mark", { client: 1 }), "1-", "a word without a value is empty");
});

Deno.test("a dollar sign before an unknown word, or before none, is a mistake at its place", () => {
  const problem = (text: string) => {
    const read = parseTemplate(text, CLIENT_WORDS);
    assert.ok("problem" in read, text);
    return [read.problem.start, read.problem.length, read.problem.message, read.problem.hint];
  };
  assert.deepEqual(problem("a/$clint"), [2, 6, 'unknown word "$clint"', "did you mean client?"]);
  assert.deepEqual(problem("$mark").slice(0, 3), [0, 5, 'unknown word "$mark"']);
  assert.deepEqual(problem("5 $ or less").slice(0, 3), [2, 1, "a dollar sign that begins no word"]);
});

Deno.test("uses() finds a word", () => {
  const read = parseTemplate("a/$client", CLIENT_WORDS);
  assert.ok("template" in read);
  assert.deepEqual([uses(read.template, "client"), uses(read.template, "topic")], [true, false]);
});
