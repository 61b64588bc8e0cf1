import assert from "node:assert/strict";
import { PLAIN_DIALECT } from "../../at/dialect.ts";
import { ScriptedBroker } from "../../broker/scripted.ts";
import { Dte } from "../../link/dte.ts";
import { MqttLink } from "../../link/mqtt_link.ts";
import type { ModuleBehaviour } from "../../module/behaviour.ts";
import { VirtualModule } from "../../module/virtual_module.ts";
import { openPty } from "../../transport/pty.ts";
import { SerialPort } from "../../transport/serial.ts";
import { writeAll } from "../../transport/transport.ts";
import { AcceptAllBroker } from "./accept_all_broker.ts";
import { beginModule, resetModule, type ResetStage } from "./reset.ts";
import { ecmt } from "../test_bench.ts";
import { CommandRunner } from "./command_runner.ts";

const signal = new AbortController().signal;
const HOST = "127.0.0.1";
const BROKER = { host: HOST, port: 0, listen: HOST };

/** A virtual module on a pty, and the host's session with it. */
class Bench implements AsyncDisposable {
  readonly dte: Dte;
  readonly runner: CommandRunner;
  readonly #module: VirtualModule;

  private constructor(module: VirtualModule, dte: Dte) {
    this.#module = module;
    this.dte = dte;
    this.runner = new CommandRunner(dte, signal);
  }

  static async start(behaviour: Partial<ModuleBehaviour> = {}): Promise<Bench> {
    const module = await VirtualModule.start({ behaviour });
    return new Bench(module, new Dte(SerialPort.open(module.path), { dialect: await ecmt() }));
  }

  /** Sends a command that the module accepts, and waits for its result line. */
  async carry(command: string, prefix: string): Promise<void> {
    assert.equal(await this.runner.carry({ command, prefix }, 5_000, 5_000), "done");
  }

  /** Opens and connects at the port, which an accept-all broker serves. */
  async connect(port: number): Promise<void> {
    await this.carry(`AT+ECMTOPEN=0,"${HOST}",${port}`, "+ECMTOPEN");
    await this.carry('AT+ECMTCONN=0,"a","u","p"', "+ECMTCONN");
  }

  async reset(more: Partial<ResetStage> = {}): Promise<void> {
    await resetModule({
      dte: this.dte,
      dialect: await ecmt(),
      broker: BROKER,
      unsure: true,
      signal,
      ...more,
    });
  }

  /** Returns its response to a command after the reset, when echo is off and errors have numbers. */
  async says(command: string): Promise<string[]> {
    const lines: string[] = [];
    await this.dte.send(new TextEncoder().encode(`${command}\r`));
    for (;;) {
      const arrival = await this.dte.receive(5_000);
      assert.ok(arrival && arrival.kind !== "closed");
      lines.push(arrival.text);
      if (arrival.kind === "final") return lines;
    }
  }

  /** Checks that no earlier state is left. */
  async isFresh(): Promise<void> {
    assert.deepEqual(await this.says("AT+ECMTCONN?"), ["OK"]);
    assert.deepEqual(await this.says("AT+ECMTDISC=0"), ["+CME ERROR: 3"]);
    assert.equal(this.dte.echoing, false);
    assert.equal(this.dte.waiting, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dte[Symbol.asyncDispose]();
    await this.#module[Symbol.asyncDispose]();
  }
}

Deno.test("a module in an unknown state is reset, including its echo and error form", async () => {
  await using bench = await Bench.start();
  await bench.runner.ask("AT+CMEE=2", 5_000);
  await bench.reset();
  await bench.isFresh();
});

Deno.test("a module that connects again since an earlier run gets a broker where it looks for it", async () => {
  await using bench = await Bench.start({ reconnectDelaysMs: Array(400).fill(50) });
  let port = 0;
  {
    await using listener = ScriptedBroker.listen(HOST);
    await using _caretaker = new AcceptAllBroker(listener);
    port = listener.port;
    await bench.connect(port);
  }
  while ((await bench.dte.receive(5_000))?.kind !== "result");
  await bench.reset();
  await bench.isFresh();
});

Deno.test("a CONNECT that was never answered does not hold the module", async () => {
  await using bench = await Bench.start();
  await using listener = ScriptedBroker.listen(HOST);
  await bench.carry(`AT+ECMTOPEN=0,"${HOST}",${listener.port}`, "+ECMTOPEN");
  const connection = await listener.accept(5_000);
  assert.ok(connection);
  await using link = new MqttLink(connection, { version: "3.1.1" });
  assert.equal((await bench.runner.ask('AT+ECMTCONN=0,"a","u","p"', 5_000)).ok, true);
  const cut = () => {
    link.close();
    return Promise.resolve();
  };
  await bench.reset({ previous: { listener, connected: () => true, cut }, unsure: false });
  await bench.isFresh();
});

Deno.test("suppressed results and an incomplete line do not block a reset", async () => {
  await using bench = await Bench.start();
  await bench.dte.send(new TextEncoder().encode('ATQ1\rAT+ECMTCFG="keepalive",0,5\rAT+ECMTOP'));
  await bench.reset();
  await bench.isFresh();
});

Deno.test("a prompt is left, also by a module that takes ESC only as the last byte", async () => {
  await using bench = await Bench.start({ terminatorOnlyLast: true });
  await using listener = ScriptedBroker.listen(HOST);
  await using _caretaker = new AcceptAllBroker(listener);
  await bench.connect(listener.port);
  await bench.dte.send(new TextEncoder().encode('AT+ECMTPUB=0,0,0,0,"t"\r'));
  assert.equal((await bench.dte.receive(5_000))?.kind, "prompt");
  await bench.dte.send(new TextEncoder().encode("some"));
  await bench.reset({ unsure: false });
  await bench.isFresh();
});

const SLEEPS: readonly (readonly [what: string, behaviour: Partial<ModuleBehaviour>])[] = [
  ["loses the first characters", { lostAsleep: 4 }],
  ["wakes by a greeting only", { wakesByGreeting: true }],
];

for (const [what, behaviour] of SLEEPS) {
  Deno.test(`a module that sleeps and ${what} is woken`, async () => {
    await using bench = await Bench.start({ ...behaviour, sleepsAfterMs: 300 });
    await bench.runner.silence(400);
    assert.equal((await bench.runner.ask("AT+CMEE=2", 100)).ok, undefined);
    await bench.runner.silence(400);
    await bench.reset({ unsure: false });
    await bench.isFresh();
  });
}

/** A module that responds to each command line with `answer`, or not at all. */
class Played implements AsyncDisposable {
  readonly dte: Dte;
  readonly #device: ReturnType<typeof openPty>["master"];
  readonly #answering: Promise<void>;

  constructor(answer: (line: string) => string | undefined, greetings = false) {
    const { master, path } = openPty();
    this.#device = master;
    this.dte = new Dte(SerialPort.open(path));
    this.#answering = this.#answer(answer, greetings ? /^AT|^HDSK$/ : /^AT/);
  }

  async #answer(answer: (line: string) => string | undefined, heard: RegExp): Promise<void> {
    const buffer = new Uint8Array(1024);
    let typed = "";
    for (let size = await this.#device.read(buffer); size !== null; size = await this.#device.read(buffer)) {
      typed += new TextDecoder().decode(buffer.subarray(0, size));
      const lines = typed.split("\r");
      typed = lines.pop() ?? "";
      for (const line of lines.filter((one) => heard.test(one))) {
        const said = answer(line);
        if (said) await writeAll(this.#device, new TextEncoder().encode(`\r\n${said}\r\n`));
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dte[Symbol.asyncDispose]();
    this.#device.close();
    await this.#answering;
  }
}

Deno.test("a module that does not close its connection is reported with what was tried", async () => {
  await using module = new Played((line) =>
    line === "AT+ECMTCONN?" ? "+ECMTCONN:0,2\r\n\r\nOK" : line === "ATE0" ? "OK" : "+CME ERROR: 3"
  );
  const reset = resetModule({
    dte: module.dte,
    dialect: await ecmt(),
    broker: BROKER,
    unsure: false,
    signal,
    withinMs: 300,
  });
  await assert.rejects(reset, {
    message: "The module did not close its connection within 0.3 s " +
      "(tried ATE0, AT+ECMTCONN?, AT+ECMTCLOSE=0, AT+ECMTDISC=0); switch it off and on",
  });
});

Deno.test("a connection that a module does not list is closed, even without OK", async () => {
  const typed: string[] = [];
  await using module = new Played((line) => {
    typed.push(line.replace(/"[^]*/, "…"));
    return line.startsWith("AT+ECMTCLOSE") ? "+ECMTCLOSE: 0,0" : line.includes("=0") ? "ERROR" : "OK";
  });
  await using listener = ScriptedBroker.listen(HOST);
  const previous = { listener, connected: () => true, cut: () => Promise.resolve() };
  await resetModule({
    dte: module.dte,
    dialect: await ecmt(),
    broker: BROKER,
    unsure: false,
    signal,
    previous,
  });
  assert.deepEqual(typed, ["ATE0", "AT+ECMTCONN?", "AT+ECMTCLOSE=0", "AT+ECMTCLOSE=0", "AT+CMEE=1"]);
});

Deno.test("after a command that is accepted without effect the next one is tried", async () => {
  const typed: string[] = [];
  let context = true;
  await using module = new Played((line) => {
    typed.push(line);
    if (line === "AT+ECMTCONN?") return context ? "+ECMTCONN:0,1\r\n\r\nOK" : "OK";
    if (line !== "AT+ECMTDISC=0") return "OK";
    context = false;
    return "OK\r\n\r\n+ECMTDISC: 0,0";
  });
  await resetModule({ dte: module.dte, dialect: await ecmt(), broker: BROKER, unsure: false, signal });
  const ends = typed.filter((line) => line.endsWith("=0"));
  assert.deepEqual(ends, ["AT+ECMTCLOSE=0", "AT+ECMTDISC=0"]);
});

Deno.test("a silent module is reported", async () => {
  await using module = new Played(() => undefined);
  const stage = {
    dte: module.dte,
    dialect: await ecmt(),
    broker: BROKER,
    unsure: true,
    signal,
    withinMs: 200,
  };
  await assert.rejects(resetModule(stage), {
    message: "The module did not answer within 0.2 s (tried ESC, ATE0); switch it off and on",
  });
});

Deno.test("a module that does not list its contexts gets all commands that could end them, once", async () => {
  const typed: string[] = [];
  await using module = new Played((line) => {
    typed.push(line.replace(/"[^]*/, "…"));
    return line === "ATE0" || line === "AT+CMEE=1" ? "OK" : "ERROR";
  });
  await resetModule({ dte: module.dte, dialect: await ecmt(), broker: BROKER, unsure: false, signal });
  const round = ["AT+ECMTCONN?", "AT+ECMTCLOSE=0", "AT+ECMTDISC=0", "AT+ECMTOPEN=0,…"];
  assert.deepEqual(
    typed.filter((line) => line !== "AT+ECMTOPEN?"),
    ["ATE0", ...round, ...round.slice(1), "AT+CMEE=1"],
  );
});

Deno.test("a module of a command set without reset commands gets only its echo and error form set", async () => {
  const typed: string[] = [];
  await using module = new Played((line) => {
    typed.push(line);
    return "OK";
  });
  await resetModule({ dte: module.dte, dialect: PLAIN_DIALECT, broker: BROKER, unsure: false, signal });
  assert.deepEqual(typed, ["ATE0", "AT+CMEE=1"]);
});

for (const late of ["+CME ERROR: 3", "OK"]) {
  Deno.test(`a module that was switched off and on begins right though a "${late}" was still on the line`, async () => {
    const typed: string[] = [];
    await using module = new Played((line) => {
      typed.push(line);
      const answer = line === "AT+CMEE?" ? "+CMEE: 1\r\n\r\nOK" : "OK";
      return typed.length === 1 ? `${late}\r\n\r\n${answer}` : answer;
    });
    assert.deepEqual(await beginModule(module.dte, signal), { slept: false, stale: true });
    assert.equal(typed.filter((line) => line === "AT+CMEE=1").length, 1);
    assert.equal(module.dte.waiting, 0);
    assert.equal(module.dte.command, undefined);
  });
}

Deno.test("a module that was switched off and on begins in three commands", async () => {
  const typed: string[] = [];
  await using module = new Played((line) => {
    typed.push(line);
    return line === "AT+CMEE?" ? "+CMEE: 1\r\n\r\nOK" : "OK";
  });
  assert.deepEqual(await beginModule(module.dte, signal), { slept: false, stale: false });
  assert.deepEqual(typed, ["ATE0", "AT+CMEE=1", "AT+CMEE?"]);
});

Deno.test("a module that sleeps when it is switched on is greeted", async () => {
  let greeted = false;
  await using module = new Played((line) => {
    if (line === "HDSK") greeted = true;
    if (!greeted) return undefined;
    return line === "HDSK" ? "KSDH" : line === "AT+CMEE?" ? "+CMEE: 1\r\n\r\nOK" : "OK";
  }, true);
  assert.deepEqual(await beginModule(module.dte, signal), { slept: true, stale: false });
  greeted = false;
  assert.deepEqual(await beginModule(module.dte, signal, { sleeps: true }), { slept: true, stale: false });
});
