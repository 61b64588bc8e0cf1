import assert from "node:assert/strict";
import { pause } from "../../ground/wait.ts";
import { StepFailed, type StepProblem } from "../step_failed.ts";
import { TestSerial } from "../test_serial.ts";

/** The problem with which a call fails. */
async function problemOf(call: Promise<unknown>): Promise<StepProblem> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof StepFailed, String(error));
    return error.problem;
  }
  assert.fail("it went well");
}

Deno.test("a command is sent and charted without its CR, and its response is taken line by line", async () => {
  await using bench = await TestSerial.start({
    answer: () => "\r\nOK\r\n\r\n+ECMTPUB: 0,7,0\r\n",
  });
  await bench.play([
    "dte -> AT+ECMTPUB=: [0, 7, 1, 0, $topic, hello]",
    "dte <- OK",
    "dte <- +ECMTPUB: [0, 7, 0]",
  ]);
  assert.equal(await bench.typed(), 'AT+ECMTPUB=0,7,1,0,"attest/1","hello"\r');
  assert.deepEqual(bench.lines, [
    'dte > AT+ECMTPUB=0,7,1,0,"attest/1","hello"',
    "dte < OK",
    "dte < +ECMTPUB: 0,7,0",
  ]);
});

Deno.test("a response that differs reports each difference, with its bytes", async () => {
  await using bench = await TestSerial.start();
  await bench.say("\r\n+ECMTPUB: 0,9,2\r\n");
  const problem = await problemOf(bench.play(["dte <- one of: [+ECMTPUB: [0, 7, 0], +ECMTPUB: [0, 9, 0]]"]));
  assert.deepEqual(problem, {
    message:
      "+ECMTPUB has a parameter 2 that is 9, expected 7; or +ECMTPUB has a parameter 3 that is 2, expected 0",
    expected: "+ECMTPUB: 0,7,0, or +ECMTPUB: 0,9,0",
    got: "+ECMTPUB: 0,9,2",
    hex: new TextEncoder().encode("\r\n+ECMTPUB: 0,9,2\r\n").toHex(),
  });
});

Deno.test("control bytes in a line are shown by name", async () => {
  await using bench = await TestSerial.start();
  await bench.say('\r\n+ECMTRECV: 0,0,"t",\x1b[31m\r\n');
  const { message } = await problemOf(bench.play(["dte <- OK"]));
  assert.equal(message, 'Unexpected "+ECMTRECV: 0,0,"t",<ESC>[31m", expected OK');
});

Deno.test("a prompt and a line without an end are described as such", async () => {
  await using bench = await TestSerial.start();
  await bench.say("\r\n> ");
  assert.equal((await problemOf(bench.play(["dte <- OK"]))).message, "Unexpected the prompt, expected OK");
  await bench.say(`\r\n${"x".repeat(40_000)}`);
  const problem = await problemOf(bench.play(["dte <- OK"]));
  assert.equal(problem.message, "Unexpected a line without an end, expected OK");
  assert.equal(problem.hex?.length, 2 * 256);
});

Deno.test("silence counts as missing after the timeout, and is no sign of a lost line", async () => {
  await using bench = await TestSerial.start({ withinMs: 3 });
  assert.deepEqual(await problemOf(bench.play(["dte <- one of: [OK, ERROR]"])), {
    message: "Nothing came within 3 ms, expected OK, or ERROR",
    expected: "OK, or ERROR",
    got: "nothing",
    missing: true,
  });
});

Deno.test("reports that the dialect does not define are ignored unless the case names them", async () => {
  const reports = "\r\n+CEREG: 1\r\n\r\nKSDH\r\n\r\nOK\r\n";
  await using bench = await TestSerial.start();
  await bench.say(reports);
  await bench.play(["dte <- OK"]);
  assert.deepEqual(bench.lines, ["dte < +CEREG: 1 (foreign)", "dte < KSDH (foreign)", "dte < OK"]);

  await using waiting = await TestSerial.start({ answer: () => "\r\n+CEREG: 1\r\n\r\nOK\r\n" });
  await waiting.play(["dte -> AT+CGMM", "dte <- OK"]);

  await using naming = await TestSerial.start({ expectedNames: ["+CEREG"] });
  await naming.say(reports);
  assert.match((await problemOf(naming.play(["dte <- OK"]))).message, /^Unexpected "\+CEREG: 1"/);
});

Deno.test("a matching payload ends before the reports after it, unless the case names them", async () => {
  const message = '\r\n+ECMTRECV: 0,0,"t",hello\r\n\r\n^NWINFO: 0,1\r\n';
  const step = (payload: string) => `dte <- +ECMTRECV: [0, 0, t, ${JSON.stringify(payload)}]`;
  await using bench = await TestSerial.start();
  await bench.say(message);
  await bench.play([step("hello")]);
  assert.equal(
    bench.lines.at(-1),
    'dte - "^NWINFO: 0,1" is a report of another part of the module, and not of the payload before it',
  );
  await bench.say(message);
  await bench.play([step("hello\r\n\r\n^NWINFO: 0,1")]);

  await using naming = await TestSerial.start({ expectedNames: ["^NWINFO"] });
  await naming.say(message);
  const problem = await problemOf(naming.play([step("hello")]));
  assert.match(problem.message, /^\+ECMTRECV has a parameter 4 that is "hello\\r\\n\\r\\n\^NWINFO: 0,1"/);
});

Deno.test("a report that the dialect defines is never ignored", async () => {
  await using bench = await TestSerial.start();
  await bench.say("\r\n+ECMTSTAT: 0,1\r\n\r\nOK\r\n");
  const problem = await problemOf(bench.play(["dte <- OK"]));
  assert.equal(problem.message, 'Unexpected "+ECMTSTAT: 0,1", expected OK');
  assert.equal(problem.unexpected, true);
});

Deno.test("a line with the name of the waiting command is never ignored", async () => {
  await using bench = await TestSerial.start({ answer: () => "\r\n+CGMM: EC616\r\n\r\nOK\r\n" });
  const problem = await problemOf(bench.play(["dte -> AT+CGMM", "dte <- OK"]));
  assert.equal(problem.message, 'Unexpected "+CGMM: EC616", expected OK');
});

Deno.test("a lane that ignores the rest skips lines, and wrong responses too", async () => {
  await using bench = await TestSerial.start();
  await bench.say("\r\n+ECMTSTAT: 0,1\r\n\r\n+ECMTPUB: 0,9,0\r\n\r\n+ECMTPUB: 0,7,0\r\n");
  await bench.play(["ignore: dte", "dte <- +ECMTPUB: [0, 7, 0]"]);
});

Deno.test("on a line with unknown content a response is a response, and the rest is ignored", async () => {
  await using bench = await TestSerial.start({ lenient: true });
  await bench.say("\r\n^BOOT: 1\r\n\r\nready\r\n\r\nOK\r\n");
  await bench.play(["dte <- OK"]);
  await bench.say("\r\n+ECMTSTAT: 0,1\r\n\r\nERROR\r\n");
  const problem = await problemOf(bench.play(["dte <- OK"]));
  assert.equal(problem.message, 'Unexpected "ERROR", expected OK');
  assert.equal(problem.unexpected, undefined);
});

Deno.test("the echo is judged once the answer is there", async () => {
  for (const echoes of [true, false]) {
    await using bench = await TestSerial.start({
      answer: (command) => `${echoes ? command : ""}\r\nOK\r\n`,
    });
    const [fits, differs] = echoes ? ["on", "off"] : ["off", "on"];
    await bench.play(["dte -> ATE1", "dte <- OK", `dte <- echo: ${fits}`]);
    const problem = await problemOf(bench.play([`dte <- echo: ${differs}`]));
    const [got, expected] = echoes ? ["an echo", "no echo"] : ["no echo", "the echo"];
    assert.equal(
      problem.message,
      `There was ${got} of the last command, expected ${expected} of the last command`,
    );
    assert.equal(bench.lines.includes("dte - echo of ATE1<CR>"), echoes);
  }
});

Deno.test("the echo of one command is none of the next one's", async () => {
  let commands = 0;
  await using bench = await TestSerial.start({
    answer: (command) => `${commands++ === 0 ? command : ""}\r\nOK\r\n`,
  });
  await bench.play(["dte -> ATE0", "dte <- OK", "dte -> AT", "dte <- OK", "dte <- echo: off"]);
});

Deno.test("nothing is silence for a time, or what waits by now", async () => {
  await using bench = await TestSerial.start();
  await bench.party.nothing();
  await bench.say("\r\nOK\r\n");
  assert.equal((await problemOf(bench.party.nothing(5_000))).message, 'Unexpected "OK", expected nothing');
  await bench.party.nothing(1);
});

Deno.test("a lost line is an error that a dead target explains, for a wait and for a send", async () => {
  await using bench = await TestSerial.start();
  const waiting = problemOf(bench.party.nothing(60_000));
  bench.unplug();
  const gone = { message: "The serial line is gone", verdict: "error", connectionLost: true };
  assert.deepEqual(await waiting, gone);
  assert.deepEqual(bench.lines, ["dte - the serial line is gone"]);
  const { message, verdict, connectionLost } = await problemOf(bench.play(["dte -> AT"]));
  assert.match(message, /^The serial line failed: /);
  assert.deepEqual([verdict, connectionLost], ["error", true]);
  assert.equal(bench.party.leftover(), undefined);
});

Deno.test("the end of the case ends a wait, and a write that an unresponsive module blocks", async () => {
  await using bench = await TestSerial.start({ deaf: true });
  const waiting = bench.party.nothing(60_000);
  const typing = problemOf(bench.play(["dte -> raw: { repeat: x, times: 1000000 }"]));
  bench.end();
  await waiting;
  assert.equal((await typing).message, "The serial line failed: The case was ended");
});

Deno.test("settle() discards the rest of a command's response until its final result, and then waits for silence", async () => {
  await using bench = await TestSerial.start();
  await bench.play(["dte -> AT+ECMTSUB=: [0]"]);
  await bench.typed();
  let settled = false;
  const settling = bench.party.settle(3_600_000).then(() => settled = true);
  // Longer than the silence that ends it after a final result.
  await pause(100);
  assert.equal(settled, false);
  await bench.say("\r\n+ECMTSTAT: 0,1\r\n\r\nOK\r\n\r\n+ECMTSUB: 0,1,0\r\n");
  await settling;
  assert.equal(bench.dte.waiting, 0);
  assert.equal(bench.dte.command, undefined);
});

Deno.test("a command that is never answered does not take the answer to the next one", async () => {
  await using bench = await TestSerial.start();
  await bench.play(["dte -> AT+ECMTSUB=: [0]"]);
  assert.equal(bench.dte.command?.name, "+ECMTSUB");
  await bench.party.settle(1);
  assert.equal(bench.dte.command, undefined);
});

Deno.test("what no step took is left over, but no foreign report, and nothing where the rest is ignored", async () => {
  await using bench = await TestSerial.start();
  await bench.say("\r\n+CEREG: 1\r\n");
  await bench.waiting(1);
  assert.equal(bench.party.leftover(), undefined);
  await bench.say("\r\n+ECMTSTAT: 0,1\r\n");
  await bench.waiting(1);
  assert.equal(
    bench.party.leftover()?.message,
    'Unexpected "+ECMTSTAT: 0,1", expected nothing after the last step',
  );
  bench.party.ignore();
  assert.equal(bench.party.leftover(), undefined);
  assert.equal(bench.dte.waiting, 0);
});

Deno.test("a serial line is always open and is not cut", async () => {
  await using bench = await TestSerial.start();
  assert.deepEqual(await problemOf(bench.party.open()), {
    message: 'The lane "dte" is always open',
    verdict: "error",
  });
  assert.deepEqual(await problemOf(bench.party.drop()), {
    message: 'The lane "dte" is a serial line and cannot be cut',
    verdict: "error",
  });
});

Deno.test("a line that begins as the last step ends is waited for, unless nothing counts any more", async () => {
  await using bench = await TestSerial.start();
  await bench.say("\r\n+ECMTRECV: 0,0,");
  while (bench.dte.busyMs === 0) await pause(1);
  const waited = bench.party.lastOfAll();
  await bench.say('"t","again"\r\n');
  await waited;
  assert.match(
    bench.party.leftover()?.message ?? "",
    /^Unexpected "\+ECMTRECV: .*nothing after the last step$/,
  );

  bench.party.ignore();
  await bench.party.lastOfAll();
  assert.equal(bench.party.leftover(), undefined);
});
