import assert from "node:assert/strict";
import { fold } from "../run/result.ts";
import { brokerSuite, judge, referenceTarget } from "./test_bench.ts";

const CASES = Array.from(
  { length: 12 },
  (_, at) => `  - { case: c${at}, purpose: it MUST answer, steps: [c -> CONNECT, c <- CONNACK] }\n`,
).join("");

Deno.test("rounds are shuffled by the seed: the same seed gives the same orders, each round another one", async () => {
  const orders = async (seed: number) => {
    const { events } = await judge(await brokerSuite(CASES), referenceTarget(), { repeat: 3, seed, jobs: 1 });
    const begun = events.filter((event) => event.kind === "case-started");
    return [1, 2, 3].map((round) =>
      begun.filter(({ iteration }) => iteration === round).map(({ id }) => id).join(" ")
    );
  };
  const [first, again, other] = [await orders(7), await orders(7), await orders(70)];
  assert.deepEqual(first, again);
  assert.equal(new Set([...first, ...other]).size, 6);
});

Deno.test("a run for a time ends with whole cases, after one whole round at least", async () => {
  const suite = await brokerSuite(CASES);
  const { events, exit } = await judge(suite, referenceTarget(), { forMs: 1 });
  const result = fold(events);
  assert.equal(exit, 0);
  assert.equal(result.complete, true);
  assert.equal(result.totals.pass, 12);
  const longer = await judge(suite, referenceTarget(), { forMs: 200 });
  const { totals, cases, repeats } = fold(longer.events);
  assert.ok(totals.pass > 24);
  assert.equal(cases.length, 12);
  assert.equal(repeats.length, 12);
  assert.equal(longer.events.filter(({ kind }) => kind === "case-started").length, totals.pass);
});
