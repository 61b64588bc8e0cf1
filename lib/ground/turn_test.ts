import assert from "node:assert/strict";
import { turnDue } from "./turn.ts";

Deno.test("turnDue() lets a timer fire in the middle of work that never waits for anything else", async () => {
  let fired = false;
  setTimeout(() => fired = true, 0);
  let rounds = 0;
  // Without the turns this loop never ends, because its own promises are always resolved.
  while (!fired) {
    rounds++;
    await (turnDue() ?? Promise.resolve());
  }
  assert.ok(rounds > 0);
});

Deno.test("turnDue() lets work go on at once where the loop has just had its turn", async () => {
  for (let due = turnDue(); due; due = turnDue()) await due;
  assert.equal(turnDue(), undefined);
});

Deno.test("turnDue() returns the same turn to all simultaneous callers", async () => {
  const begin = performance.now();
  while (performance.now() - begin < 6);
  const due = turnDue();
  assert.ok(due);
  assert.equal(turnDue(), due);
  await due;
});
