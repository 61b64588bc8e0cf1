import assert from "node:assert/strict";
import { PreciseTimer } from "./precise_timer.ts";

Deno.test("a precise timer fires at each time that it is set for, by the clock that it gets", async () => {
  // Not the zero of the timer's thread: the two have to compare their clocks.
  const now = () => performance.now() + 5_000;
  let fired = Promise.withResolvers<number>();
  using timer = PreciseTimer.start(now, (atMs) => fired.resolve(atMs));
  for (let round = 0; round < 5; round++) {
    const atMs = now() + 30;
    timer.set(atMs);
    assert.equal(await fired.promise, atMs);
    assert.ok(now() > atMs - 20, "not before its time");
    fired = Promise.withResolvers();
  }
});

Deno.test("a later setting replaces an earlier one", async () => {
  const fired = Promise.withResolvers<number>();
  using timer = PreciseTimer.start(() => performance.now(), (atMs) => fired.resolve(atMs));
  const soon = performance.now() + 20;
  timer.set(performance.now() + 60_000);
  timer.set(soon);
  assert.equal(await fired.promise, soon);
});
