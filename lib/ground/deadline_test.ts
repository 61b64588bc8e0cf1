import assert from "node:assert/strict";
import { Deadline } from "./deadline.ts";

const HOUR_MS = 3_600_000;

Deno.test("a deadline passes when its time is over", async () => {
  using deadline = new Deadline(1, new AbortController().signal, HOUR_MS);
  await deadline.passed;
  assert.equal(deadline.signal.aborted, true);
  await deadline.passed;
});

Deno.test("an interruption brings a deadline nearer, before its begin too", async () => {
  const interrupt = new AbortController();
  using before = new Deadline(HOUR_MS, interrupt.signal, 1);
  interrupt.abort();
  using behind = new Deadline(HOUR_MS, interrupt.signal, 1);
  using longBehind = new Deadline(HOUR_MS, interrupt.signal, HOUR_MS, performance.now() - HOUR_MS);
  await Promise.all([before.passed, behind.passed, longBehind.passed]);
});

Deno.test("a deadline that is disposed of leaves no timer", () => {
  const interrupt = new AbortController();
  const deadline = new Deadline(HOUR_MS, interrupt.signal, HOUR_MS);
  deadline[Symbol.dispose]();
  interrupt.abort();
  assert.equal(deadline.signal.aborted, false);
});
