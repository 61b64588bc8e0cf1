import assert from "node:assert/strict";
import type { AttemptStep } from "../../suite/step/attempt.ts";
import { stepsOf } from "../../suite/test_suite.ts";
import { playStep } from "../play.ts";
import { StepFailed } from "../step_failed.ts";
import { TestSerial } from "../test_serial.ts";

/** Tries a command whose success has a result line, followed by another command. */
async function attempt(bench: TestSerial): Promise<void> {
  const steps = await stepsOf([
    "dte -> AT+FIRST",
    "dte <- OK",
    "dte <- +FIRST: 0",
    "dte -> AT+SECOND",
    "dte <- OK",
  ], "at");
  const [first] = steps;
  assert.ok(first);
  const step: AttemptStep = { kind: "attempt", place: first.place, source: "dte -> try it", steps };
  await playStep(step, { context: bench.context, party: () => bench.party });
}

Deno.test("a successful attempt is played completely", async () => {
  await using bench = await TestSerial.start({
    answer: (command) => `\r\nOK\r\n${command === "AT+FIRST\r" ? "\r\n+FIRST: 0\r\n" : ""}`,
    expectedNames: ["+FIRST"],
  });
  await attempt(bench);
  assert.deepEqual([await bench.typed(), await bench.typed()], ["AT+FIRST\r", "AT+SECOND\r"]);
});

Deno.test("an attempt that is refused ends there, and well", async () => {
  for (const refusal of ["ERROR", "+CME ERROR: 3", "+CME ERROR: operation not allowed"]) {
    await using bench = await TestSerial.start({ answer: () => `\r\n${refusal}\r\n` });
    await attempt(bench);
    assert.equal(await bench.typed(), "AT+FIRST\r");
    assert.equal(bench.untaken, 0, refusal);
    assert.equal(bench.party.leftover(), undefined);
  }
});

Deno.test("an attempt is refused by the answer to any of its commands", async () => {
  await using bench = await TestSerial.start({
    answer: (command) => command === "AT+FIRST\r" ? "\r\nOK\r\n\r\n+FIRST: 0\r\n" : "\r\nERROR\r\n",
    expectedNames: ["+FIRST"],
  });
  await attempt(bench);
});

Deno.test("what is neither granted nor refused fails, with all that would have done", async () => {
  await using bench = await TestSerial.start({ answer: () => "\r\n+ECMTSTAT: 0,1\r\n" });
  await assert.rejects(attempt(bench), (error) => {
    assert.ok(error instanceof StepFailed);
    assert.equal(error.message, 'Unexpected "+ECMTSTAT: 0,1", expected OK, or ERROR, or +CME ERROR');
    return true;
  });
});
