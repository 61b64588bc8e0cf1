import assert from "node:assert/strict";
import type { LineCare } from "../../target/line_form.ts";
import type { ModuleTarget } from "../../target/target.ts";
import { openPty } from "../../transport/pty.ts";
import { SerialPort } from "../../transport/serial.ts";
import { type Transport, writeAll } from "../../transport/transport.ts";
import { ModuleLine } from "./line.ts";
import { ecmt } from "../test_bench.ts";

const { signal } = new AbortController();

/** A module that refuses everything until it is reset, and then responds with OK. */
class Stuck implements AsyncDisposable {
  readonly target: ModuleTarget;
  readonly #device: Transport;
  readonly #answering: Promise<void>;

  private constructor(device: Transport, target: ModuleTarget, wasReset: () => boolean) {
    this.#device = device;
    this.target = target;
    this.#answering = this.#answer(wasReset);
  }

  static async start(
    line: LineCare,
    wasReset: () => boolean,
    pulseDtr?: (ms: number) => Promise<void>,
  ): Promise<Stuck> {
    const { master, path } = openPty();
    const target: ModuleTarget = {
      kind: "module",
      name: "stuck",
      address: `serial:${path}`,
      protocols: ["ECMT"],
      supports: [],
      values: new Map(),
      withinMs: 1_000,
      limitMs: 1_000,
      dialect: await ecmt(),
      mostPorts: 1,
      brokerHost: "127.0.0.1",
      brokerPort: 0,
      listenHost: "127.0.0.1",
      line: { readyMs: 100, ...line },
      setup: [],
      teardown: [],
      openPort() {
        const dispose = { [Symbol.asyncDispose]: () => Promise.resolve() };
        return Promise.resolve({
          transport: SerialPort.open(path),
          ...(pulseDtr ? { pulseDtr } : {}),
          ...dispose,
        });
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    return new Stuck(master, target, wasReset);
  }

  async #answer(wasReset: () => boolean): Promise<void> {
    const buffer = new Uint8Array(1024);
    for (let size = await this.#device.read(buffer); size !== null; size = await this.#device.read(buffer)) {
      const typed = new TextDecoder().decode(buffer.subarray(0, size));
      if (!typed.includes("AT")) continue;
      const answer = wasReset() ? "OK" : "ERROR";
      await writeAll(this.#device, new TextEncoder().encode(`\r\n${answer}\r\n`));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#device.close();
    await this.#answering;
  }
}

Deno.test("a module that its commands cannot reset is reset by DTR", async () => {
  const pulses: number[] = [];
  const pulse = (ms: number) => {
    pulses.push(ms);
    return Promise.resolve();
  };
  await using stuck = await Stuck.start({ dtrMs: 300 }, () => pulses.length > 0, pulse);
  await using line = await ModuleLine.open(stuck.target, { signal });
  await line.restart();
  await line.restart();
  assert.deepEqual(pulses, [300]);
});

Deno.test("the user's command resets it instead of DTR, and a failure of the command is reported", async () => {
  const folder = await Deno.makeTempDir();
  const done = `${folder}/done`;
  const wasReset = () => {
    try {
      return Deno.statSync(done).isFile;
    } catch {
      return false;
    }
  };
  const pulse = () => Promise.reject(new Error("DTR was pulsed"));
  await using stuck = await Stuck.start({ dtrMs: 300 }, wasReset, pulse);
  {
    await using line = await ModuleLine.open(stuck.target, { signal, resetCommand: ["false"] });
    await assert.rejects(line.restart(), {
      message: 'The target "stuck" was not reset: "false" exited with status 1',
    });
  }
  await using line = await ModuleLine.open(stuck.target, { signal, resetCommand: ["touch", done] });
  await line.restart();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a module that nothing resets is reported", async () => {
  await using stuck = await Stuck.start({}, () => false);
  await using line = await ModuleLine.open(stuck.target, { signal });
  await assert.rejects(line.restart(), {
    message: 'The module did not answer "ATE0" with OK within 0.1 s (tried ESC, ATE0, HDSK, ATQ0)',
  });
});
