import assert from "node:assert/strict";
import { stepsOf } from "../../suite/test_suite.ts";
import { playStep } from "../play.ts";
import { TestCase } from "../test_case.ts";

Deno.test("a wait ends with its case", async () => {
  const [step] = await stepsOf(["wait: 60m"]);
  assert.ok(step);
  const one = new TestCase();
  const waiting = playStep(step, {
    context: one.context,
    party: () => assert.fail("no lane has a part in it"),
  });
  one.end();
  await waiting;
});

Deno.test("a wait may be as long as a variable says", async () => {
  const [step] = await stepsOf(["wait: $long"], "mqtt", ["long"]);
  assert.ok(step);
  const { context } = new TestCase();
  context.scope.set("long", "2ms");
  await playStep(step, { context, party: () => assert.fail("no lane has a part in it") });
  context.scope.set("long", "soon");
  const wrong = playStep(step, { context, party: () => assert.fail("no lane has a part in it") });
  await assert.rejects(wrong, /"soon"/);
});
