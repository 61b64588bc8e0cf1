import assert from "node:assert/strict";
import { suiteOf } from "../../suite/test_suite.ts";
import { playStep } from "../play.ts";
import type { Play } from "../player.ts";
import { StepFailed } from "../step_failed.ts";
import { TestCase } from "../test_case.ts";

const [RESTART] = (await suiteOf(`suite: demo
title: Demo
protocols: ["3.1.1"]
cases:
  - case: one
    purpose: it MUST come back
    exclusive: true
    steps: [restart: target]
`)).cases[0]?.steps ?? [];

function play(more: Pick<Play, "restart"> = {}): Play {
  return { context: new TestCase().context, party: () => assert.fail("no lane has a part in it"), ...more };
}

Deno.test("a restart lasts until the target is there again", async () => {
  assert.ok(RESTART);
  const back = Promise.withResolvers<void>();
  let over = false;
  const restarted = playStep(RESTART, play({ restart: () => back.promise })).then(() => over = true);
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(over, false);
  back.resolve();
  await restarted;
});

Deno.test("a target that can't be restarted makes an error of the case, and no failure", async () => {
  assert.ok(RESTART);
  await assert.rejects(playStep(RESTART, play()), (error) => {
    assert.ok(error instanceof StepFailed);
    assert.deepEqual(error.problem, { message: "This target cannot be restarted", verdict: "error" });
    return true;
  });
});
