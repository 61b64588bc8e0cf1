import assert from "node:assert/strict";
import { StartedProcess } from "./process.ts";
import { TargetError } from "./target.ts";

const DENO = Deno.execPath();
const never = new AbortController().signal;

/** A program of this machine that runs some TypeScript; `{port}` and `{config}` are its arguments. */
function program(code: string, ...args: string[]) {
  return { kind: "process" as const, command: [DENO, "eval", "--no-lock", "--quiet", code, ...args] };
}

const LISTENER = 'const listener = Deno.listen({ hostname: "127.0.0.1", port: Number(Deno.args[0]) });';
const LISTENS = `${LISTENER} (async () => { for await (const one of listener) one.close(); })();`;

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function refused(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return false;
  } catch {
    return true;
  }
}

Deno.test("a program is started on a free port with its configuration, and ended with its folder", async () => {
  await using sink = await Sink.open();
  const start = {
    ...program(
      `${LISTENS} (await Deno.connect({ port: ${sink.port} })).write(new TextEncoder().encode(Deno.args[1] + "\\n" + Deno.readTextFileSync(Deno.args[1])));`,
      "{port}",
      "{config}",
    ),
    config: "listener {port}\nfolder {folder}\n",
    version: [DENO, "eval", "--quiet", 'console.log("\\n  demo 1.2 \\u001b[31m")'],
  };
  let port: number;
  let config: string;
  {
    await using process = await StartedProcess.start("demo", start, never);
    port = process.port;
    assert.equal(process.running, true);
    assert.match(process.version ?? "", /^demo 1\.2/);
    assert.doesNotMatch(process.version ?? "", /\p{Cc}/u);
    const lines = (await sink.text()).split("\n");
    config = lines[0] ?? "";
    assert.equal(lines[1], `listener ${port}`);
    assert.equal(`${lines[2]}/config`, `folder ${config}`);
    assert.equal(await exists(config), true);
    assert.equal(await refused(port), false);
  }
  assert.equal(await exists(config), false);
  assert.equal(await refused(port), true);
});

Deno.test("a program one of whose ports somebody else took meanwhile is started again with others", async () => {
  using desk = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  // It listens on its main port only once it has the other one; a check of the taken port would be misled.
  const asks = `const desk = await Deno.connect({ port: ${desk.addr.port} });
    await desk.write(new TextEncoder().encode(Deno.args[1]));
    await desk.read(new Uint8Array(1));
    Deno.listen({ hostname: "127.0.0.1", port: Number(Deno.args[1]) });`;
  const ports: number[] = [];
  using taken = new DisposableStack();
  const answering = (async () => {
    for (const _try of [1, 2]) {
      using asking = await desk.accept();
      const bytes = new Uint8Array(5);
      const length = await asking.read(bytes) ?? 0;
      const port = Number(new TextDecoder().decode(bytes.subarray(0, length)));
      ports.push(port);
      if (ports.length === 1) taken.use(Deno.listen({ hostname: "127.0.0.1", port }));
      await asking.write(new Uint8Array(1));
    }
  })();
  const start = program(`${asks} ${LISTENS}`, "{port}", "{port.other}");
  await using process = await StartedProcess.start("demo", start, never);
  assert.equal(process.placeholders.port("other"), ports[1]);
  assert.notEqual(ports[0], ports[1]);
  await answering;
});

Deno.test("a missing program is reported by its name, and leaves no folder", async () => {
  const start = { kind: "process" as const, command: ["/nowhere/no-such-broker", "{port}"] };
  await assert.rejects(StartedProcess.start("demo", start, never), {
    name: "TargetError",
    message: 'The target "demo" needs the program "/nowhere/no-such-broker", which is not installed here',
  });
});

Deno.test("a program that exits before it listens is reported with its output", async () => {
  const start = program('console.error("line 3: unknown \\u001b[1moption"); Deno.exit(1);');
  await assert.rejects(StartedProcess.start("demo", start, never), (error) => {
    assert.ok(error instanceof TargetError);
    assert.match(
      error.message,
      /^The target "demo" did not start: .* exited with status 1 before it listened, with the output: line 3: unknown .*option$/,
    );
    assert.doesNotMatch(error.message, /\p{Cc}/u);
    return true;
  });
});

Deno.test("a program that never listens is ended", async () => {
  const start = program("setInterval(() => {}, 1000)");
  await assert.rejects(StartedProcess.start("demo", start, never, { startMs: 400 }), (error) => {
    assert.ok(error instanceof TargetError);
    assert.match(
      error.message,
      /^The target "demo" did not start: ".*" does not listen on port \d+ after 0\.4 s$/,
    );
    return true;
  });
});

Deno.test("a start that is given up ends the program", async () => {
  const stop = new AbortController();
  const starting = StartedProcess.start("demo", program("setInterval(() => {}, 1000)"), stop.signal);
  stop.abort();
  await assert.rejects(starting, { name: "TargetError" });
});

Deno.test("a program that does not want to end is killed", async () => {
  const start = program(`Deno.addSignalListener("SIGTERM", () => {}); ${LISTENS}`, "{port}");
  const process = await StartedProcess.start("demo", start, never, { stopMs: 100 });
  await process[Symbol.asyncDispose]();
  assert.equal(process.running, false);
  assert.equal(await refused(process.port), true);
});

Deno.test("a program that ended by itself is noticed, and may be disposed of", async () => {
  const start = program(
    `${LISTENER} await listener.accept(); await listener.accept(); Deno.exit(0);`,
    "{port}",
  );
  await using process = await StartedProcess.start("demo", start, never);
  (await Deno.connect({ hostname: "127.0.0.1", port: process.port })).close();
  for (let tries = 0; process.running && tries < 500; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal(process.running, false);
});

/** Accepts one connection and stores what it receives. */
class Sink implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #text: Promise<string>;

  private constructor() {
    this.#text = this.#take();
  }

  static open(): Promise<Sink> {
    return Promise.resolve(new Sink());
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  text(): Promise<string> {
    return this.#text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#text;
  }

  async #take(): Promise<string> {
    try {
      using connection = await this.#listener.accept();
      const buffer = new Uint8Array(4096);
      return new TextDecoder().decode(buffer.subarray(0, await connection.read(buffer) ?? 0));
    } catch {
      return "";
    }
  }
}
