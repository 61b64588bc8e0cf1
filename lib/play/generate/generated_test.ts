import assert from "node:assert/strict";
import { MOST_WORDS } from "../../suite/step/generate.ts";
import { brokerSuite, chartOf, judge, referenceTarget, verdicts } from "../../conform/test_bench.ts";
import { missOf } from "./generated.ts";

const generates = (fields: string) =>
  brokerSuite(`
  - case: random
    purpose: it MUST be delivered by the rule
    covers: [MQTT-3.3.2-3]
    use: [connected: { lane: sub }, connected: { lane: pub }]
    steps:
      - generate: { subscriber: sub, publisher: pub, ${fields} }
`);

async function judged(fields: string, defects: readonly string[], seed = 1) {
  const run = await judge(await generates(fields), referenceTarget(defects), { seed });
  return { run, ended: run.cases[0]?.ended };
}

Deno.test("a broker that matches rightly passes, live and retained, with one filter and with many", async () => {
  for (
    const fields of [
      "filters: 1, rounds: 30",
      "filters: 12, rounds: 8, topics: 20",
      "retained: true, rounds: 10",
    ]
  ) {
    const { run, ended } = await judged(fields, []);
    assert.equal(ended?.verdict, "pass", JSON.stringify(verdicts(run)));
    const notes = chartOf(run, "random").filter(({ direction }) => direction === "note").map(({ text }) =>
      text
    );
    assert.match(notes.at(-1) ?? "", /^\d+ filters and \d+ topic names of seed 1: \d+ deliveries/);
  }
});

Deno.test("a wrong delivery is shrunk to the smallest filter and topic name, and reported with the seed", async () => {
  const { run, ended } = await judged("rounds: 60", ["hash-misses-parent"], 3);
  assert.equal(ended?.verdict, "fail");
  assert.match(
    ended?.reason ?? "",
    /^A message to topic name "([ab])" did not reach filter "\1\/#", which matches it \(round \d+ of 60 of seed 3; shrunk from .* by \d+ trials\)$/,
  );
  assert.equal(ended?.failure?.got, "no delivery");
  assert.match(ended?.failure?.expected ?? "", /^one delivery: filter "([ab])\/#" and topic name "\1"/);
  // The chart omits hundreds of messages and shows only those of the smallest example.
  const published = chartOf(run, "random").filter(({ lane, direction, text }) =>
    lane === "pub" && direction === "sent" && text.startsWith("PUBLISH")
  ).filter(({ text }) => !text.includes("~fence"));
  assert.equal(published.length, 1);
});

Deno.test("a delivery without a matching filter is reported as such", async () => {
  const { ended } = await judged("rounds: 60", ["trailing-slash-ignored"], 3);
  assert.equal(ended?.verdict, "fail");
  assert.match(
    ended?.reason ?? "",
    /^A message to topic name ".*" reached filter ".*", which does not match it/,
  );
  assert.equal(ended?.failure?.got, "one delivery");
});

Deno.test("retained messages that a new subscription does not get are noticed", async () => {
  const { ended } = await judged("rounds: 10, retained: true", ["retained-not-sent"]);
  assert.equal(ended?.verdict, "fail");
  assert.match(ended?.reason ?? "", /did not reach filter/);
});

Deno.test("a message that comes at another topic name is noticed", async () => {
  const { ended } = await judged('rounds: 20, words: ["e\\u0301", a]', ["text-normalized"]);
  assert.equal(ended?.verdict, "fail");
  assert.match(ended?.reason ?? "", /expected what was published, unchanged/);
});

Deno.test("the same seed makes the same topic names, and another seed others", async () => {
  const reasons = [];
  for (const seed of [5, 5, 6]) {
    reasons.push((await judged("rounds: 60", ["plus-spans-two-levels"], seed)).ended?.reason);
  }
  assert.equal(reasons[0], reasons[1]);
  assert.notEqual(reasons[0], reasons[2]);
});

Deno.test("a SUBACK that does not come fails the step", async () => {
  const { ended } = await judged("rounds: 2", ["suback-lost"]);
  assert.equal(ended?.verdict, "fail");
  assert.match(ended?.reason ?? "", /Nothing came within \d+ ms, expected SUBACK/);
});

Deno.test("missOf() allows one copy for all filters that match, or one for each, and no other number", () => {
  const kinds = (matching: number) => [0, 1, 2, 3].map((copies) => missOf({ matching, copies }));
  assert.deepEqual(kinds(0), [undefined, "wrong", "wrong", "wrong"]);
  assert.deepEqual(kinds(1), ["missing", undefined, "wrong", "wrong"]);
  assert.deepEqual(kinds(2), ["missing", undefined, undefined, "wrong"]);
});

Deno.test("words from a row that cannot be levels are an error of the suite", async () => {
  const run = async (words: string) => {
    const suite = await brokerSuite(`
  - case: random
    purpose: it MUST be delivered
    covers: [MQTT-3.3.2-3]
    table: [{ row: one, words: ${words} }]
    use: [connected: { lane: sub }, connected: { lane: pub }]
    steps:
      - generate: { subscriber: sub, publisher: pub, words: $words }
`);
    return verdicts(await judge(suite))["random[one]"] ?? "";
  };
  assert.equal(await run("[a/b]"), 'error: "a/b" cannot be a level of a topic name because it contains "/"');
  for (const words of ["[]", "word", `[${Array(MOST_WORDS + 1).fill("a")}]`]) {
    assert.equal(await run(words), "error: expected a list of 1 to 100 words");
  }
});

Deno.test("a number from a row that is out of range is an error of the suite", async () => {
  const suite = await brokerSuite(`
  - case: random
    purpose: it MUST be delivered
    covers: [MQTT-3.3.2-3]
    matrix: { rounds: [0] }
    use: [connected: { lane: sub }, connected: { lane: pub }]
    steps:
      - generate: { subscriber: sub, publisher: pub, rounds: $rounds }
`);
  const run = await judge(suite);
  assert.match(
    verdicts(run)["random[rounds=0]"] ?? "",
    /^error: 0 is out of range for rounds: 1 to 200 are possible/,
  );
});
