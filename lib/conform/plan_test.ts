import assert from "node:assert/strict";
import { seededRandom } from "../ground/seeded_random.ts";
import { inOrder, plan, shuffled, waits } from "./plan.ts";
import { brokerSuite, ecmtAlone, referenceTarget } from "./test_bench.ts";

Deno.test("the same seed produces the same numbers, and another seed others", () => {
  const numbers = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 5 }, random);
  };
  assert.deepEqual(numbers(1), numbers(1));
  assert.notDeepEqual(numbers(1), numbers(2));
  assert.ok(numbers(4_294_967_295).every((number) => number >= 0 && number < 1));
});

Deno.test("a shuffle keeps every item once", () => {
  const items = Array.from({ length: 50 }, (_, index) => index);
  const mixed = shuffled(items, seededRandom(3));
  assert.notDeepEqual(mixed, items);
  assert.deepEqual([...mixed].sort((a, b) => a - b), items);
});

Deno.test("cases that wait begin first, and those that need a quiet broker run alone at the end", async () => {
  const suite = await brokerSuite(`
  - { case: quick, purpose: it MUST, steps: [c -> CONNECT] }
  - { case: alone, purpose: it MUST, exclusive: true, steps: [c -> CONNECT, wait: 1s] }
  - { case: waits, purpose: it MUST, steps: [c -> CONNECT, wait: 1s] }
  - { case: quiet, purpose: it MUST, steps: [c -> CONNECT, c <- nothing: { within: 1s }] }
  - { case: nested, purpose: it MUST, steps: [c -> CONNECT, repeat: { times: 2, steps: [c <- PUBLISH: { within: 1s }] }] }
  - { case: fenced, purpose: it MUST, steps: [c -> CONNECT, c <- nothing] }
`);
  const planned = plan(referenceTarget(), { suites: [suite], selection: {}, dialects: await ecmtAlone() });
  const { together, alone } = inOrder(planned);
  const names = (cases: typeof together) => cases.map((one) => one.case.name);
  assert.deepEqual(names(together), ["waits", "quiet", "nested", "quick", "fenced"]);
  assert.deepEqual(names(alone), ["alone"]);
  assert.deepEqual(planned.filter((one) => waits(one.case)).map((one) => one.case.name), [
    "alone",
    "waits",
    "quiet",
    "nested",
  ]);
});

Deno.test("a plan has each case in each protocol, with what is expected of it there", async () => {
  const suite = await brokerSuite(
    "  - { case: one, purpose: it MUST, steps: [c -> CONNECT] }",
    '["3.1.1", "5.0"]',
  );
  const expectations = new Map([["reference", [
    { case: "demo/one", verdict: "fail" as const, reason: "all" },
    { case: "demo/one", protocol: "5.0", verdict: "error" as const, reason: "five" },
  ]]]);
  const planned = plan(referenceTarget([], { protocols: ["3.1.1"] }), {
    suites: [suite],
    selection: {},
    dialects: await ecmtAlone(),
    expectations,
  });
  assert.deepEqual(planned.map(({ protocol, skip, expected }) => [protocol, skip, expected?.reason]), [
    ["3.1.1", undefined, "all"],
    ["5.0", "The target does not speak MQTT 5.0", "five"],
  ]);
});
