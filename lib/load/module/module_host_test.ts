import assert from "node:assert/strict";
import { Scope } from "../../spec/scope.ts";
import { ecmtCommands, stepsOf } from "../../suite/test_suite.ts";
import { openPty } from "../../transport/pty.ts";
import { SerialPort } from "../../transport/serial.ts";
import { type Transport, writeAll } from "../../transport/transport.ts";
import { type HostOptions, ModuleHost } from "./module_host.ts";

const PUBLISH = new Scope().set("id", 7).set("qos", 1).set("retain", 0).set("topic", "t").set("payload", "p");
const ECMT = await ecmtCommands();
const bytes = (text: string) => new TextEncoder().encode(text);

/** A host on a line; the test plays the module, which answers each command line by `answer`. */
class Bench implements AsyncDisposable {
  readonly typed: string[] = [];
  readonly reports: string[] = [];
  readonly stop = new AbortController();
  readonly host: ModuleHost;
  readonly #module: Transport;
  readonly #reading: Promise<void>;

  private constructor(
    answer: (command: string) => string,
    waits: Partial<Pick<HostOptions, "answerMs" | "resultMs">>,
  ) {
    const { master, path } = openPty();
    this.#module = master;
    this.host = new ModuleHost(SerialPort.open(path), {
      dialect: ECMT.dialect,
      operations: ECMT.operations,
      answerMs: 60_000,
      resultMs: 60_000,
      ...waits,
      signal: this.stop.signal,
      onReport: (name, fields, arrival) =>
        this.reports.push(
          [name, arrival.prefix, ...[...fields].map(([key, { text }]) => `${key}=${text}`)].join(" "),
        ),
    });
    this.#reading = this.#read(answer);
  }

  static start(
    answer: (command: string) => string = () => "",
    waits: Partial<Pick<HostOptions, "answerMs" | "resultMs">> = {},
  ): Bench {
    return new Bench(answer, waits);
  }

  say(text: string): Promise<void> {
    return writeAll(this.#module, bytes(text));
  }

  unplug(): void {
    this.#module.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]();
    this.#module.close();
    await this.#reading;
  }

  async #read(answer: (command: string) => string): Promise<void> {
    const buffer = new Uint8Array(1_024);
    let line = "";
    try {
      for (;;) {
        const size = await this.#module.read(buffer);
        if (size === null) return;
        line += new TextDecoder().decode(buffer.subarray(0, size));
        for (let end = line.indexOf("\r"); end >= 0; end = line.indexOf("\r")) {
          const command = line.slice(0, end);
          line = line.slice(end + 1);
          this.typed.push(command);
          await this.say(answer(command));
        }
      }
    } catch {
      // The line is closed.
    }
  }
}

Deno.test("an operation is typed as the dialect says, and complete with its final result", async () => {
  await using bench = Bench.start(() => "\r\nOK\r\n");
  assert.equal(await bench.host.ask("publish", PUBLISH), undefined);
  assert.deepEqual(bench.typed, ['AT+ECMTPUB=0,7,1,0,"t","p"']);
});

Deno.test("the answer that refused an operation is reported", async () => {
  await using bench = Bench.start(() => "\r\n+CME ERROR: 3\r\n");
  assert.match(await bench.host.ask("publish", PUBLISH) ?? "", /\+CME ERROR: 3/);
});

Deno.test("an unknown operation and a variable without a value are reported", async () => {
  await using bench = Bench.start();
  assert.equal(await bench.host.ask("fly", PUBLISH), 'the dialect has no operation "fly"');
  assert.match(await bench.host.ask("publish", new Scope()) ?? "", /\$id/);
  assert.deepEqual(bench.typed, []);
});

Deno.test("a result is heard whether it comes before the final result or later", async () => {
  const answers = ["\r\n+ECMTPUB: 0,7,0\r\n\r\nOK\r\n", "\r\nOK\r\n\r\n+ECMTPUB: 0,7,0\r\n"];
  for (const answer of answers) {
    await using bench = Bench.start(() => answer);
    assert.equal(await bench.host.ask("publish", PUBLISH), undefined);
    assert.equal(await bench.host.hear(["published", "notPublished"], PUBLISH), "published");
  }
});

Deno.test("hear() says which of the lines came, and ignores those of other messages", async () => {
  await using bench = Bench.start();
  const heard = bench.host.hear(["published", "notPublished"], PUBLISH);
  await bench.say("\r\n+ECMTPUB: 0,6,0\r\n\r\n+ECMTPUB: 0,7,2\r\n");
  assert.equal(await heard, "notPublished");
});

Deno.test("a result of the previous operation is not taken for one of the next operation", async () => {
  await using bench = Bench.start((command) =>
    command === "ATE0" ? "\r\n+ECMTPUB: 0,7,0\r\n\r\nOK\r\n" : "\r\nOK\r\n\r\n+ECMTPUB: 0,7,1\r\n"
  );
  assert.equal(await bench.host.command("E0", "basic"), undefined);
  assert.equal(await bench.host.ask("publish", PUBLISH), undefined);
  assert.equal(await bench.host.hear(["published", "notPublished"], PUBLISH), "notPublished");
});

Deno.test("a message and a lost connection are reported at once, with what their lines say", async () => {
  await using bench = Bench.start(() =>
    '\r\n+ECMTRECV: 0,5,"t/1","hello"\r\n\r\n+ECMTSTAT: 0,1\r\n\r\nOK\r\n'
  );
  assert.equal(await bench.host.ask("publish", PUBLISH), undefined);
  assert.deepEqual(bench.reports.map((one) => one.split(" ").slice(0, 2).join(" ")), [
    "message +ECMTRECV",
    "lost +ECMTSTAT",
  ]);
  assert.match(bench.reports[0] ?? "", /topic="?t\/1"? payload="hello"/);
});

Deno.test("a command without an answer, and a result that does not come, end with a timeout", async () => {
  await using bench = Bench.start(() => "", { answerMs: 20, resultMs: 20 });
  assert.equal(await bench.host.ask("publish", PUBLISH), "no final result in time");
  assert.equal(await bench.host.hear(["published"], PUBLISH), undefined);
});

Deno.test("a wait ends with the load", async () => {
  await using bench = Bench.start();
  const heard = bench.host.hear(["published"], PUBLISH);
  bench.stop.abort();
  assert.equal(await heard, undefined);
});

Deno.test("a line that is gone ends a wait, and the caller gets the reason", async () => {
  await using bench = Bench.start();
  const asked = bench.host.ask("publish", PUBLISH);
  bench.unplug();
  assert.equal(await asked, "the serial line is gone");
  assert.equal(await bench.host.command("E0", "basic"), "the serial line is gone");
});

Deno.test("a setup is played on the serial side only, with the steps that a load supports", async () => {
  await using bench = Bench.start(() => "\r\nOK\r\n");
  const played = async (line: string) => await bench.host.play(await stepsOf([line], "at"), new Scope());
  assert.equal(await played("dte -> AT"), undefined);
  assert.equal(await played("broker <- CONNECT"), 'a load has no lane "broker"');
  assert.equal(await played("dte <- nothing: { within: 1s }"), "a load can't prove that nothing comes");
});
