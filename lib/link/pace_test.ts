import assert from "node:assert/strict";
import { Pace } from "./pace.ts";

Deno.test("the time from a line's first byte to its last counts as busy, and the time between two lines does not", () => {
  const pace = new Pace();
  pace.came(1_000, true);
  pace.came(1_016, true);
  assert.equal(pace.busyMs(1_020), 20);
  pace.came(1_032, false);
  assert.equal(pace.busyMs(2_000), 32);
  pace.came(5_000, false);
  assert.equal(pace.busyMs(6_000), 32);
});

Deno.test("a line that stays unfinished is busy for a quarter of a second, and no longer", () => {
  const pace = new Pace();
  pace.came(0, true);
  assert.equal(pace.busyMs(10_000), 250);
  pace.ended();
  assert.equal(pace.busyMs(10_000), 0);
});

Deno.test("on a line that pauses a silence has to be twice as long as the longest pause of late", () => {
  const pace = new Pace();
  assert.equal(pace.settleMs(30), 30);
  pace.came(0, true);
  pace.came(40, true);
  assert.equal(pace.settleMs(30), 80);
  pace.came(45, true);
  assert.equal(pace.settleMs(30), 76);
  pace.came(200, true);
  assert.equal(pace.settleMs(30), 250);
  // That was no pause within a line.
  pace.came(1_000, false);
  assert.equal(pace.settleMs(30), 250);
});
