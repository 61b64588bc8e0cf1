import assert from "node:assert/strict";
import type { LineCare } from "../target/line_form.ts";
import type { ModuleTarget } from "../target/target.ts";
import { openPty } from "../transport/pty.ts";
import { SerialPort } from "../transport/serial.ts";
import { type Transport, writeAll } from "../transport/transport.ts";
import { ModuleLine } from "./module_line.ts";
import { runResetCommand } from "./reset_command.ts";
import { ecmt } from "./test_bench.ts";

const { signal } = new AbortController();

Deno.test("a reset command that does its work is waited for", async () => {
  const folder = await Deno.makeTempDir();
  await runResetCommand(["touch", `${folder}/a b`, `${folder}/done`], signal);
  assert.ok((await Deno.stat(`${folder}/done`)).isFile);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a reset command is given its words as they are, and no shell reads them", async () => {
  await assert.rejects(runResetCommand(["sh", "-c", 'echo "$1" >&2; exit 4', "sh", "$(id); *"], signal), {
    message: 'The reset command "sh" ended with status 4, and said: $(id); *',
  });
});

Deno.test("a reset command that fails, hangs or is not there is told in a sentence", async () => {
  await assert.rejects(runResetCommand(["false"], signal), {
    message: 'The reset command "false" ended with status 1',
  });
  await assert.rejects(runResetCommand(["no-such-program"], signal), {
    message: 'The reset command "no-such-program" is not installed here',
  });
  // What it has started outlives it and holds its output.
  await assert.rejects(runResetCommand(["sh", "-c", "trap '' TERM; sleep 5 & sleep 5"], signal, 200), {
    message: 'The reset command "sh" did not end within 0.2 s',
  });
});

Deno.test("a reset command ends with the run", async () => {
  const run = new AbortController();
  const running = runResetCommand(["sleep", "60"], run.signal);
  run.abort();
  await assert.rejects(running, { name: "AbortError" });
  await assert.rejects(runResetCommand(["sleep", "60"], run.signal), { name: "AbortError" });
});

Deno.test("a reset command that is not granted is told with what would grant it", async () => {
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    script,
    `import { runResetCommand } from ${JSON.stringify(import.meta.resolve("./reset_command.ts"))};
await runResetCommand(["./reset.sh", "3"], new AbortController().signal).catch((error) => console.log(error.message));
`,
  );
  const args = ["run", "--no-prompt", "--no-check", "--allow-run=mosquitto", script];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "null" }).output();
  assert.equal(
    new TextDecoder().decode(stdout),
    'The reset command "./reset.sh" is not granted: run with --allow-run=./reset.sh\n',
  );
  await Deno.remove(script);
});

/** A module that refuses all until it was reset, and says OK from then on. */
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

Deno.test("a module that its commands don't lead back is reset by DTR", async () => {
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

Deno.test("the user's command resets it in the place of DTR, and what fails in it is told", async () => {
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
    await assert.rejects(line.restart(), { message: 'The reset command "false" ended with status 1' });
  }
  await using line = await ModuleLine.open(stuck.target, { signal, resetCommand: ["touch", done] });
  await line.restart();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a module that nothing resets is told so", async () => {
  await using stuck = await Stuck.start({}, () => false);
  await using line = await ModuleLine.open(stuck.target, { signal });
  await assert.rejects(line.restart(), {
    message: 'The module did not answer "ATE0" with OK within 0.1 s (tried ESC, ATE0, HDSK, ATQ0)',
  });
});
