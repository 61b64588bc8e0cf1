import assert from "node:assert/strict";
import { StepFailed } from "../step_failed.ts";
import { TestClients } from "../test_clients.ts";
import { TestSerial } from "../test_serial.ts";

const STEPS = [
  "dte -> AT+FIRST",
  "branch: [[dte <- OK, dte -> AT+SECOND, dte <- OK], [dte <- +CME ERROR: { args: [any], as: refusal }]]",
];

Deno.test("branch plays the list whose first expectation is met, and no other", async () => {
  await using granting = await TestSerial.start({ answer: () => "\r\nOK\r\n" });
  await granting.play(STEPS);
  assert.deepEqual([await granting.typed(), await granting.typed()], ["AT+FIRST\r", "AT+SECOND\r"]);

  await using refusing = await TestSerial.start({ answer: () => "\r\n+CME ERROR: 3\r\n" });
  await refusing.play(STEPS);
  assert.equal(await refusing.typed(), "AT+FIRST\r");
  assert.equal(refusing.untaken, 0);
  assert.ok(refusing.context.scope.get("refusal"));
});

Deno.test("an arrival that matches no list of a branch is reported with everything that was expected", async () => {
  await using bench = await TestSerial.start({ answer: () => "\r\nERROR\r\n" });
  await assert.rejects(bench.play(STEPS), (error) => {
    assert.ok(error instanceof StepFailed);
    assert.equal(error.problem.message, 'Unexpected "ERROR", expected OK, or +CME ERROR: any');
    return true;
  });
});

const SILENT = [
  "c -> PINGREQ",
  "branch: [[c <- PINGRESP, c -> PUBLISH: { topic: answered }], [c <- nothing: { within: 200ms }, c -> PUBLISH: { topic: silent }]]",
];

Deno.test("a list that begins with silence is played if nothing comes, and only then", async () => {
  await using bench = new TestClients();
  const far = await bench.connected("c");
  const answered = bench.play(SILENT);
  assert.equal(await far.next(), "PINGREQ");
  await far.send({ type: "PINGRESP" });
  await answered;
  assert.match(await far.next(), /answered/);
  await bench.play(SILENT);
  assert.equal(await far.next(), "PINGREQ");
  assert.match(await far.next(), /silent/);
});

Deno.test("an unexpected packet is not silence", async () => {
  await using bench = new TestClients();
  const far = await bench.connected("c");
  const playing = bench.play(SILENT);
  assert.equal(await far.next(), "PINGREQ");
  await far.send({ type: "PUBACK", packetId: 9 });
  await assert.rejects(playing, /PUBACK has packet id 9/);
});
