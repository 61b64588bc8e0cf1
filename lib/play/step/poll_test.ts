import assert from "node:assert/strict";
import { stepsOf } from "../../suite/test_suite.ts";
import { CaseTime } from "../case_time.ts";
import { playStep } from "../play.ts";
import { StepFailed, type StepProblem } from "../step_failed.ts";
import { TestSerial } from "../test_serial.ts";

const ASKS = "steps: [dte -> AT+CEREG?, dte <- +CEREG: [0, 1], dte <- OK]";
const SEARCHING = "\r\n+CEREG: 0,2\r\n\r\nOK\r\n";
const REGISTERED = "\r\n+CEREG: 0,1\r\n\r\nOK\r\n";

/** The problem with which a poll fails. */
async function problemOf(bench: TestSerial, poll: string, roundTripMs = 0): Promise<StepProblem> {
  const [step] = await stepsOf([poll], "at");
  assert.ok(step);
  using time = new CaseTime({ limitMs: Infinity, withinMs: 5_000, roundTripMs });
  try {
    await playStep(step, { context: { ...bench.context, time }, party: () => bench.party });
  } catch (error) {
    assert.ok(error instanceof StepFailed, String(error));
    return error.problem;
  }
  assert.fail("it was met");
}

Deno.test("a poll retries until its response matches, and ignores the responses of earlier attempts", async () => {
  let asked = 0;
  await using bench = await TestSerial.start({ answer: () => ++asked < 4 ? SEARCHING : REGISTERED });
  await bench.play([`poll: { within: 1h, every: 1ms, ${ASKS} }`]);
  assert.equal(asked, 4);
  assert.equal(bench.party.leftover(), undefined);
});

Deno.test("a poll pauses as its step says, not for the second that is usual", async () => {
  let asked = 0;
  await using bench = await TestSerial.start({ answer: () => ++asked < 2 ? SEARCHING : REGISTERED });
  await bench.play([`poll: { within: 900ms, every: 1ms, ${ASKS} }`]);
  assert.equal(asked, 2);
});

Deno.test("a poll that is met at once does not wait for its pause", async () => {
  await using bench = await TestSerial.start({ answer: () => REGISTERED });
  await bench.play([`poll: { within: 1h, every: 1h, ${ASKS} }`]);
});

Deno.test("a poll that times out reports what its last attempt missed, and for how long it tried", async () => {
  await using bench = await TestSerial.start({ answer: () => SEARCHING });
  const { message, verdict } = await problemOf(bench, `poll: { within: 60ms, every: 5ms, ${ASKS} }`, 20);
  assert.equal(message, "+CEREG has a parameter 2 that is 2, expected 1, for 80 ms");
  assert.equal(verdict, undefined);
});

Deno.test("a poll makes one try at least, and no other where the pause goes beyond its time", async () => {
  let asked = 0;
  await using bench = await TestSerial.start({ answer: () => (asked++, SEARCHING) });
  await problemOf(bench, `poll: { within: 1s, every: 1h, ${ASKS} }`);
  assert.equal(asked, 1);
});

Deno.test("an answer that does not come is waited for no longer than the poll lasts", async () => {
  await using bench = await TestSerial.start({ withinMs: 3_600_000, answer: () => "" });
  const { message } = await problemOf(bench, `poll: { within: 30ms, every: 1h, ${ASKS} }`);
  assert.match(message, /^Nothing came within (30|[12]?\d) ms, expected \+CEREG: 0,1, for 30 ms$/);
});

Deno.test("an error ends a poll at once", async () => {
  await using bench = await TestSerial.start();
  bench.unplug();
  const { verdict, message } = await problemOf(bench, `poll: { within: 1h, every: 1h, ${ASKS} }`);
  assert.equal(verdict, "error");
  assert.doesNotMatch(message, /, for \d+ ms$/);
});

Deno.test("the end of the case ends a poll after the current attempt", async () => {
  let asked = 0;
  await using bench: TestSerial = await TestSerial.start({
    answer: () => {
      asked++;
      bench.end();
      return SEARCHING;
    },
  });
  const { message } = await problemOf(bench, `poll: { within: 1h, every: 1ms, ${ASKS} }`);
  assert.match(message, /, for 3600000 ms$/);
  assert.equal(asked, 1);
});
