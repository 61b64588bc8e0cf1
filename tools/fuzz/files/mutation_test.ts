import assert from "node:assert/strict";
import { parseDocument } from "yaml";
import { kindOf, mutationOf } from "./mutation.ts";
import { KINDS, readCorpus } from "./sample.ts";

const corpus = await readCorpus();

Deno.test("every kind of file has samples, and those that are right have data", () => {
  for (const kind of KINDS) {
    if (kind === "args") continue;
    const samples = corpus.get(kind) ?? [];
    assert.ok(samples.length > 0, kind);
    for (const { name, language, data } of samples) {
      if (language !== undefined && !name.includes("/bad")) assert.notEqual(data, undefined, name);
    }
  }
});

Deno.test("mutationOf() makes the same input of the same seed and number, and others of others", () => {
  const numbers = Array.from({ length: KINDS.length * 4 }, (_, number) => number);
  const all = (seed: number) => numbers.map((number) => mutationOf(corpus, seed, number));
  assert.deepEqual(all(7), all(7));
  assert.deepEqual(mutationOf(corpus, 7, 30), all(7)[30]);
  const [one, other] = [all(7), all(8)].map((made) => made.map(({ bytes }) => bytes.join()));
  assert.ok(one && other);
  assert.ok(one.filter((bytes, n) => bytes === other[n]).length < 3);
});

Deno.test("the number of a mutation decides its kind, and all kinds take turns", () => {
  assert.deepEqual(KINDS.map((_, number) => kindOf(number + 5 * KINDS.length)), [...KINDS]);
});

Deno.test("changes of values keep the form of most files, and others break it", () => {
  const suites = Array.from({ length: 120 }, (_, n) => mutationOf(corpus, 1, n * KINDS.length));
  const broken = suites.filter(({ bytes }) =>
    parseDocument(new TextDecoder().decode(bytes)).errors.length > 0
  );
  assert.ok(broken.length > 10 && broken.length < 80, `${broken.length} of ${suites.length}`);
  for (const { bytes } of suites) assert.ok(bytes.length < 3_000_000, `${bytes.length} bytes`);
});
