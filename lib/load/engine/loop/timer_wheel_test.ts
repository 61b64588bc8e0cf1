import assert from "node:assert/strict";
import { TimerWheel } from "./timer_wheel.ts";

Deno.test("a wheel runs each timer once, at the first turn after its time", () => {
  const wheel = new TimerWheel(1_000);
  const ran: number[] = [];
  for (const at of [1_001, 1_500, 900, 90_000]) wheel.at(at, () => ran.push(at));
  wheel.turn(1_004);
  assert.deepEqual(ran, []);
  wheel.turn(1_010);
  assert.deepEqual(ran.toSorted(), [1_001, 900]);
  wheel.turn(1_499);
  assert.equal(ran.length, 2);
  wheel.turn(80_000);
  assert.deepEqual(ran.length, 3);
  wheel.turn(90_001);
  wheel.turn(200_000);
  assert.deepEqual(ran.length, 4);
  assert.equal(wheel.size, 0);
});

Deno.test("a cancelled timer does not run", () => {
  const wheel = new TimerWheel(0);
  const timer = wheel.at(10, () => assert.fail("it ran"));
  assert.equal(wheel.size, 1);
  timer.cancel();
  timer.cancel();
  assert.equal(wheel.size, 0);
  wheel.turn(100);
});

Deno.test("a timer may set another", () => {
  const wheel = new TimerWheel(0);
  let turns = 0;
  const again = () => {
    turns++;
    if (turns < 3) wheel.at(turns * 100, again);
  };
  wheel.at(5, again);
  for (let now = 0; now < 500; now += 7) wheel.turn(now);
  assert.equal(turns, 3);
});
