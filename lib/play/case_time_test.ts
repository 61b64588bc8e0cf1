import assert from "node:assert/strict";
import { pause } from "../ground/wait.ts";
import { CaseTime } from "./case_time.ts";

Deno.test("waits grow with the round trip, and with what was sent over a slow line", () => {
  using time = new CaseTime({ limitMs: Infinity, withinMs: 2_000, roundTripMs: 100, msPerByte: 0.01 });
  assert.deepEqual([time.withinMs, time.patientMs, time.delayMs], [2_100, 4_100, 100]);
  time.sent(50_000);
  assert.deepEqual([time.withinMs, time.patientMs, time.delayMs], [3_100, 5_100, 1_100]);
});

Deno.test("the limit ends a case, and what was got in time is given back", async () => {
  using time = new CaseTime({ limitMs: 100, withinMs: 1 });
  const ended = new Promise<void>((resolve) => time.signal.addEventListener("abort", () => resolve()));
  const begun = performance.now();
  const before = time.endsAt;
  await pause(60);
  time.gotSince(begun);
  assert.ok(time.endsAt >= before + 50);
  await ended;
  assert.ok(performance.now() >= time.endsAt);
});

Deno.test("what is given back has an end", () => {
  using time = new CaseTime({ limitMs: 1_000, withinMs: 1 });
  const before = time.endsAt;
  time.gotSince(performance.now() - 1_000_000);
  assert.equal(Math.round(time.endsAt - before), 9_000);
});

Deno.test("a case with a will may get one, and another may not", () => {
  using time = new CaseTime({ limitMs: Infinity, withinMs: 1 });
  assert.equal(time.hasWill, false);
  time.leftWill();
  assert.equal(time.hasWill, true);
});

Deno.test("time that is let pass for what a module may still send grows with the round trip, and no other", () => {
  using time = new CaseTime({ limitMs: Infinity, withinMs: 1, roundTripMs: 1_500 });
  assert.equal(time.pauseMs(200), 200);
  time.watchModule();
  assert.equal(time.pauseMs(200), 1_700);
});
