import assert from "node:assert/strict";
import { matches } from "../../mqtt/topic.ts";
import { type Example, shrink } from "./shrink_topics.ts";

/** A fault in matching: a "+" also matches two levels. */
function spansTwo(filter: string, topic: string): boolean {
  const levels = filter.split("/");
  return levels.some((level, at) =>
    level === "+" && matches(levels.toSpliced(at, 1, "+", "+").join("/"), topic)
  );
}

const wronglyReached = ({ filters, topic }: Example) =>
  Promise.resolve(
    !filters.some((filter) => matches(filter, topic)) && filters.some((filter) => spansTwo(filter, topic)),
  );

Deno.test("shrink() finds the smallest filter and topic name that still fail", async () => {
  const example = { filters: ["x/y/#", "home/+/light/on/+", "q"], topic: "home/living/room/light/on/x" };
  assert.equal(await wronglyReached(example), true);
  const { example: smallest, trials } = await shrink(example, wronglyReached, () => false);
  assert.deepEqual(smallest.filters, ["+"]);
  assert.match(smallest.topic, /^[ab]?\/[ab]?$/);
  assert.ok(trials > 3 && trials < 200, `${trials}`);
});

Deno.test("shrink() keeps several filters where the failure needs them", async () => {
  const needsBoth = ({ filters }: Example) => Promise.resolve(filters.includes("a") && filters.includes("#"));
  const { example } = await shrink({ filters: ["b", "a", "+", "#"], topic: "a" }, needsBoth, () => false);
  assert.deepEqual(example.filters, ["a", "#"]);
});

Deno.test("shrink() returns the current example when it has had enough", async () => {
  const example = { filters: ["a/+/c"], topic: "a/b/b/c" };
  let left = 2;
  const shrunk = await shrink(example, wronglyReached, () => left-- === 0);
  assert.equal(shrunk.trials, 2);
  assert.equal(await wronglyReached(shrunk.example), true);
});

Deno.test("shrink() ends where each smaller example passes", async () => {
  const example = { filters: ["a/b/c/+"], topic: "a/b/c/d/e" };
  const only = (candidate: Example) => Promise.resolve(candidate.topic === example.topic);
  const shrunk = await shrink(example, only, () => false);
  assert.equal(shrunk.example.topic, example.topic);
});
