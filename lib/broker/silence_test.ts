import assert from "node:assert/strict";
import { SilenceWatch } from "./silence.ts";

/** A watch with the test's clock; `rung` resolves when the silence is too long. */
function watch() {
  const clock = { ms: 0, asked: 0 };
  const rung = Promise.withResolvers<void>();
  const silence = new SilenceWatch(() => {
    clock.asked++;
    return clock.ms;
  }, rung.resolve);
  return { clock, silence, rung: rung.promise };
}

Deno.test("silence of the full time is reported", async () => {
  const { clock, silence, rung } = watch();
  silence.watch(2);
  clock.ms = 2;
  await rung;
});

Deno.test("a sign of life restarts the time at its moment", async () => {
  const { clock, silence, rung } = watch();
  let told = false;
  rung.then(() => told = true);
  silence.watch(1);
  clock.ms = 10;
  silence.heard();
  const asked = clock.asked;
  // The timer fires several times, and finds the silence too short.
  while (clock.asked < asked + 3) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(told, false);
  clock.ms = 11;
  await rung;
});

Deno.test("an infinite watch, and one that was stopped, need no timer", () => {
  const { silence } = watch();
  silence.watch(Infinity);
  silence.watch(1);
  silence.stop();
  silence.watch(1);
  silence.watch(Infinity);
});
