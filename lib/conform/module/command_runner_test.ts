import assert from "node:assert/strict";
import { TestSerial } from "../../play/test_serial.ts";
import { CommandRunner, LineGone } from "./command_runner.ts";

const CONN = { command: "AT+ECMTCONN=0", prefix: "+ECMTCONN" };
const bytes = (text: string) => new TextEncoder().encode(text);

/** A runner on a line whose module responds with `answer`. */
async function runner(answer?: (command: string) => string) {
  const bench = await TestSerial.start(answer ? { answer } : {});
  return { bench, runner: new CommandRunner(bench.dte, bench.context.signal) };
}

Deno.test("ask() returns the response to a command, line by line", async () => {
  const { bench, runner: one } = await runner(() => "\r\n+ECMTCONN: 0,3\r\n\r\nEC616\r\n\r\nOK\r\n");
  await using _ = bench;
  const { ok, results, lines } = await one.ask("AT+ECMTCONN?", 5_000);
  assert.equal(await bench.typed(), "AT+ECMTCONN?\r");
  assert.equal(ok, true);
  assert.deepEqual(results.map(({ prefix, args }) => [prefix, args.map(({ value }) => value)]), [
    ["+ECMTCONN", [0, 3]],
  ]);
  assert.deepEqual(lines, ["+ECMTCONN: 0,3", "EC616"]);
});

Deno.test("ask() reports a refusal, and a missing final result with what came instead", async () => {
  const { bench, runner: one } = await runner((command) =>
    command === "AT\r" ? "\r\nERROR\r\n" : "\r\nhalf\r\n"
  );
  await using _ = bench;
  assert.deepEqual(await one.ask("AT", 5_000), { ok: false, results: [], lines: [], finals: 1 });
  const { ok, lines } = await one.ask("AT+HALF", 100);
  assert.deepEqual([ok, lines], [undefined, ["half"]]);
});

Deno.test("ask() waits for its own response after those to earlier commands", async () => {
  // A module that was busy responds to both at once.
  const { bench, runner: one } = await runner((command) =>
    command === "AT+FIRST\r" ? "" : "\r\nERROR\r\n\r\nOK\r\n"
  );
  await using _ = bench;
  await one.type(bytes("AT+FIRST\r"));
  assert.equal((await one.ask("AT+ECMTCONN?", 5_000)).ok, true);
  assert.equal(bench.dte.waiting, 0);
});

Deno.test("carry() is done once the result line came, before or after the final result", async () => {
  for (const answer of ["\r\nOK\r\n\r\n+ECMTCONN: 0,0\r\n", "\r\n+ECMTCONN: 0,0\r\n\r\nOK\r\n"]) {
    const { bench, runner: one } = await runner(() => answer);
    await using _ = bench;
    assert.equal(await one.carry(CONN, 60_000, 60_000), "done");
    assert.equal(bench.dte.waiting, 0);
  }
});

Deno.test("carry() is done though no final result came, and does not wait for one the whole time", async () => {
  const { bench, runner: one } = await runner((command) =>
    command === "AT\r" ? "\r\nOK\r\n" : "\r\n+ECMTCONN: 0,0\r\n"
  );
  await using _ = bench;
  assert.equal(await one.carry(CONN, 3_600_000, 3_600_000), "done");
  // The command without a response takes none from the next one.
  assert.equal(bench.dte.command, undefined);
  assert.equal((await one.ask("AT", 5_000)).ok, true);
});

Deno.test("carry() reports what was accepted without a result, and what was refused or not answered", async () => {
  const answers = new Map([["OK", "taken"], ["ERROR", "refused"], ["", "refused"], [
    "+ECMTSTAT: 0,1",
    "refused",
  ]]);
  for (const [answer, outcome] of answers) {
    const { bench, runner: one } = await runner(() => answer === "" ? "" : `\r\n${answer}\r\n`);
    await using _ = bench;
    assert.equal(await one.carry(CONN, 60, 60), outcome, answer);
    assert.equal(bench.dte.command, undefined);
  }
});

Deno.test("greet() ends with the module's greeting, and ignores what comes before it", async () => {
  const { bench, runner: one } = await runner(() => "\r\n+ECMTSTAT: 0,1\r\n\r\nKSDH\r\n\r\nlater\r\n");
  await using _ = bench;
  await one.greet(3_600_000);
  assert.equal(await bench.typed(), "HDSK\r");
  await one.silence(60);
  assert.equal(bench.dte.waiting, 0);
});

Deno.test("greet() gives up on a module that does not wake", async () => {
  const { bench, runner: one } = await runner(() => "\r\nOK\r\n");
  await using _ = bench;
  await one.greet(30);
});

Deno.test("pause() ends as soon as something comes", async () => {
  const { bench, runner: one } = await runner();
  await using _ = bench;
  const waiting = one.pause(3_600_000);
  await bench.say("\r\n+ECMTSTAT: 0,1\r\n");
  await waiting;
});

Deno.test("a lost line is reported to a sender and to a waiter", async () => {
  const { bench, runner: one } = await runner();
  await using _ = bench;
  const waiting = assert.rejects(one.silence(3_600_000), LineGone);
  bench.unplug();
  await waiting;
  await assert.rejects(one.ask("AT", 3_600_000), LineGone);
  await assert.rejects(one.carry(CONN, 1, 1), LineGone);
  await assert.rejects(one.greet(1), LineGone);
});

Deno.test("the end of the run ends every wait, and does not count as a lost line", async () => {
  const { bench, runner: one } = await runner();
  await using _ = bench;
  const waits = [one.pause(3_600_000)].map((wait) => assert.rejects(wait, { name: "AbortError" }));
  bench.end();
  await Promise.all(waits);
  for (const wait of [one.ask("AT", 1), one.carry(CONN, 1, 1), one.greet(1), one.type(bytes("AT"))]) {
    await assert.rejects(wait, { name: "AbortError" });
  }
});
