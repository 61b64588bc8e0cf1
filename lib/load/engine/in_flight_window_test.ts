import assert from "node:assert/strict";
import { FREE, InFlightWindow, PUBLISHED } from "./in_flight_window.ts";

Deno.test("take() gives each packet id once, and 0 while all are in flight", () => {
  const window = new InFlightWindow(3);
  assert.deepEqual([1, 2, 3, 4].map(() => window.take()), [1, 2, 3, 0]);
  assert.equal(window.used, 3);
  assert.equal(window.stateOf(2), PUBLISHED);
});

Deno.test("a freed packet id is taken again after all others", () => {
  const window = new InFlightWindow(3);
  window.take();
  window.take();
  window.free(1);
  assert.equal(window.stateOf(1), FREE);
  assert.deepEqual([window.take(), window.take()], [3, 1]);
});

Deno.test("inOrder() lists the messages in flight by the time they were sent", () => {
  const window = new InFlightWindow(4);
  for (const sentMs of [30, 10, 20]) window.sentMs[window.take()] = sentMs;
  window.free(2);
  assert.deepEqual(window.inOrder(), [3, 1]);
});

Deno.test("stateOf() is FREE for a packet id outside the window", () => {
  assert.equal(new InFlightWindow(3).stateOf(9), FREE);
});
