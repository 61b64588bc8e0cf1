import assert from "node:assert/strict";
import { brokerSuite, judge, referenceTarget, verdicts } from "../../conform/test_bench.ts";
import { stepsOf } from "../../suite/test_suite.ts";

/** A case whose publisher sends to one of two lanes; `after` are the steps after `either`. */
const oneOfTwo = (topic: string, after: string) => `
  - case: one-of-two
    purpose: one of the two MUST get the message
    use: [subscribed: { lane: a, filter: $topic/a }, subscribed: { lane: b, filter: $topic/b }, connected: { lane: pub }]
    steps:
      - pub -> PUBLISH: { topic: $topic/${topic}, payload: hello }
      - either: [a <- PUBLISH: { payload: hello }, b <- PUBLISH: { payload: hello }]
      - ${after}
`;

for (const lane of ["a", "b"]) {
  Deno.test(`either takes what comes on lane ${lane}, and ignores the other lane`, async () => {
    const suite = await brokerSuite(oneOfTwo(lane, "a <- nothing\n      - b <- nothing"));
    assert.deepEqual(verdicts(await judge(suite)), { "one-of-two": "pass" });
  });
}

Deno.test("what comes on the other lane too is left, and is not expected there", async () => {
  const suite = await brokerSuite(
    oneOfTwo("a", "pub -> PUBLISH: { topic: $topic/b, payload: more }\n      - b <- nothing"),
  );
  assert.match(verdicts(await judge(suite))["one-of-two"] ?? "", /^fail: .*PUBLISH/);
});

Deno.test("either judges what came by the expectation of its lane", async () => {
  const suite = await brokerSuite(
    oneOfTwo("b", "a <- nothing").replace(
      "b <- PUBLISH: { payload: hello }",
      "b <- PUBLISH: { payload: other }",
    ),
  );
  assert.equal(
    verdicts(await judge(suite))["one-of-two"],
    'fail: PUBLISH payload is "hello", expected "other"',
  );
});

Deno.test("either reports on which lanes nothing came, and what was expected there", async () => {
  const suite = await brokerSuite(oneOfTwo("neither", "a <- nothing"));
  const target = referenceTarget([], { withinMs: 80 });
  assert.match(
    verdicts(await judge(suite, target))["one-of-two"] ?? "",
    /^fail: Nothing came within \d+ ms on a or b, expected PUBLISH/,
  );
});

for (
  const [step, message] of [
    ["either: [a -> PINGREQ, b <- PINGRESP]", /expects nothing/],
    ["either: [a <- PINGRESP, a <- PUBLISH: {}]", /two expectations on one lane/],
  ] as const
) {
  Deno.test(`${step} is refused`, async () => {
    await assert.rejects(stepsOf([step]), message);
  });
}
