import assert from "node:assert/strict";
import { Qlobber } from "qlobber";
import { matches, topicFilterProblem, topicNameProblem } from "../../mqtt/topic.ts";
import { seededRandom } from "../../ground/seeded_random.ts";
import { topicRound, type TopicShape, WORDS } from "./topic_generator.ts";

const SHAPES: readonly TopicShape[] = [
  { filters: 8, topics: 16, levels: 6, words: WORDS },
  { filters: 8, topics: 16, levels: 4, words: ["", "a"] },
  { filters: 4, topics: 8, levels: 40, words: ["a", "b"] },
  { filters: 1, topics: 1, levels: 1, words: [""] },
];

function rounds(shape: TopicShape, seed: number, count: number) {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => topicRound(shape, random));
}

Deno.test("topicRound() makes the same filters and topic names of the same random numbers", () => {
  for (const shape of SHAPES) {
    assert.deepEqual(rounds(shape, 7, 20), rounds(shape, 7, 20));
  }
  assert.notDeepEqual(rounds(SHAPES[0] ?? assert.fail(), 7, 20), rounds(SHAPES[0] ?? assert.fail(), 8, 20));
});

Deno.test("topicRound() makes good filters and topic names, none twice in a round", () => {
  for (const shape of SHAPES) {
    for (const { filters, topics } of rounds(shape, 1, 200)) {
      assert.ok(filters.length >= 1 && filters.length <= shape.filters);
      assert.ok(topics.length >= 1 && topics.length <= shape.topics);
      for (const filter of filters) assert.equal(topicFilterProblem(`r/${filter}`), undefined);
      for (const topic of topics) assert.equal(topicNameProblem(`r/${topic}`), undefined);
      assert.equal(new Set(filters).size, filters.length);
      assert.equal(new Set(topics).size, topics.length);
    }
  }
});

Deno.test("of the pairs that topicRound() makes a fair part matches and a fair part does not", () => {
  for (const shape of SHAPES.slice(0, 3)) {
    const pairs = rounds(shape, 3, 200).flatMap(({ filters, topics }) =>
      topics.map((topic) => filters.some((filter) => matches(`r/${filter}`, `r/${topic}`)))
    );
    const share = pairs.filter(Boolean).length / pairs.length;
    assert.ok(share > 0.2 && share < 0.95, `${share}`);
  }
});

Deno.test("matches() agrees with qlobber, the matcher of another broker, on generated filters and topic names", () => {
  let compared = 0;
  for (const shape of SHAPES) {
    for (const { filters, topics } of rounds(shape, 11, 150)) {
      for (const filter of filters) {
        const oracle = new Qlobber<string>({
          separator: "/",
          wildcard_one: "+",
          wildcard_some: "#",
          match_empty_levels: true,
        });
        oracle.add(`r/${filter}`, filter);
        for (const topic of topics) {
          const theirs = oracle.match(`r/${topic}`).length > 0;
          assert.equal(matches(`r/${filter}`, `r/${topic}`), theirs, `filter ${filter}, topic name ${topic}`);
          compared++;
        }
      }
    }
  }
  assert.ok(compared > 10_000);
});
