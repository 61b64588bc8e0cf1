import assert from "node:assert/strict";
import { InStep } from "./in_step.ts";

Deno.test("InStep lets no party take a step before all others have taken the previous one", async () => {
  const steps = new InStep(3);
  const taken: string[] = [];
  const party = async (name: string, last: number) => {
    for (let step = 1; step <= last; step++) {
      await Promise.resolve();
      taken.push(`${name}${step}`);
      if (step < last) await steps.next(false);
    }
    steps.leave();
  };
  await Promise.all([party("a", 3), party("b", 1), party("c", 3)]);
  assert.deepEqual(taken.map((one) => one.slice(1)), ["1", "1", "1", "2", "2", "3", "3"]);
});

Deno.test("InStep informs all parties of what one of them has reported, in its step and later", async () => {
  const steps = new InStep(2);
  assert.deepEqual(await Promise.all([steps.next(false), steps.next(false)]), [false, false]);
  assert.deepEqual(await Promise.all([steps.next(true), steps.next(false)]), [true, true]);
  steps.leave();
  assert.equal(await steps.next(false), true);
});
