import assert from "node:assert/strict";
import { OwnFolder } from "./own_folder.ts";
import { Watch } from "./watch.ts";

const DENO = Deno.execPath();
/** Holds a connection to a port as long as it lives, and never exits by itself. */
const HOLDS = `const desk = await Deno.connect({ hostname: "127.0.0.1", port: Number(Deno.args[0]) });
  await desk.write(new Uint8Array(1)); setInterval(() => {}, 1000);`;
/** The same, but ignores the stop signal, and has a child in its own session that does so too. */
const HAS_CHILD = `new Deno.Command(Deno.execPath(), { args: ["eval", "--no-lock", ${
  JSON.stringify(HOLDS)
}, Deno.args[0]],
    detached: true, stdin: "null", stdout: "null", stderr: "null" }).spawn();
  Deno.addSignalListener("SIGTERM", () => {}); ${HOLDS}`;

/** The connections of programs that hold one as long as they live. */
class Desk implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #held: Deno.TcpConn[] = [];

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Waits until `count` programs have connected. */
  async taken(count: number): Promise<void> {
    while (count-- > 0) {
      const connection = await this.#listener.accept();
      this.#held.push(connection);
      await connection.read(new Uint8Array(1));
    }
  }

  /** Waits until all of them have exited. */
  async left(): Promise<void> {
    for (const connection of this.#held) {
      while (await connection.read(new Uint8Array(1)).catch(() => null) !== null);
    }
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    for (const connection of this.#held) connection.close();
  }
}

/**
 * Starts an owner of a folder, with a watcher and a program that has a child. It prints their ids and
 * continues.
 */
function owner(port: number, place: string): Deno.ChildProcess {
  const program = import.meta.resolve("../program.ts");
  const code = `import { OwnFolder } from ${JSON.stringify(import.meta.resolve("./own_folder.ts"))};
    import { Watch } from ${JSON.stringify(import.meta.resolve("./watch.ts"))};
    import { Program } from ${JSON.stringify(program)};
    const folder = await OwnFolder.make("${place}");
    const watch = await Watch.start("demo", folder);
    const command = ["deno", "eval", "--no-lock", ${JSON.stringify(HAS_CHILD)}, "${port}"];
    new Program("demo", { command, stopMs: 1000, watch });
    console.log(JSON.stringify({ folder: folder.path, watcher: watch.pid }));
    setInterval(() => {}, 1000);`;
  return new Deno.Command(DENO, { args: ["eval", "--no-lock", code], stdout: "piped", stdin: "null" })
    .spawn();
}

async function said(child: Deno.ChildProcess): Promise<{ folder: string; watcher: number }> {
  const reader = child.stdout.getReader();
  let text = "";
  while (!text.includes("\n")) text += new TextDecoder().decode((await reader.read()).value);
  await reader.cancel();
  return JSON.parse(text);
}

/** Waits until a process of another parent has exited. */
async function goneFor(pid: number): Promise<void> {
  await new Deno.Command("tail", { args: [`--pid=${pid}`, "-f", "/dev/null"] }).output();
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

for (const signal of ["SIGKILL", "SIGTERM"] as const) {
  Deno.test(`${signal} of its owner ends a program, its child in another session, the watcher, and the folder`, async () => {
    using desk = new Desk();
    const place = await Deno.makeTempDir({ prefix: "attest-test-" });
    const child = owner(desk.port, place);
    const { folder, watcher } = await said(child);
    await desk.taken(2);
    child.kill(signal);
    await child.status;
    await desk.left();
    await goneFor(watcher);
    assert.equal(await exists(folder), false);
    await Deno.remove(place);
  });
}

Deno.test("where the watcher was killed with its owner, the next run ends what they left", async () => {
  using desk = new Desk();
  const place = await Deno.makeTempDir({ prefix: "attest-test-" });
  const child = owner(desk.port, place);
  const { folder, watcher } = await said(child);
  await desk.taken(2);
  Deno.kill(watcher, "SIGKILL");
  child.kill("SIGKILL");
  await child.status;
  {
    await using next = await OwnFolder.make(place);
    assert.equal(await exists(folder), false);
    assert.deepEqual(next.left, [folder]);
    await using _watch = await Watch.start("demo", next);
    await desk.left();
  }
  await Deno.remove(place);
});

Deno.test("a watcher ends with its owner's work, and ends what a program has left running", async () => {
  using desk = new Desk();
  await using folder = await OwnFolder.make();
  const watch = await Watch.start("demo", folder);
  const args = ["eval", "--no-lock", HOLDS, String(desk.port)];
  const left = new Deno.Command(DENO, { args, env: watch.env, stdin: "null", stdout: "null" }).spawn();
  await desk.taken(1);
  await watch[Symbol.asyncDispose]();
  await left.status;
  await goneFor(watch.pid);
});

Deno.test("a watcher leaves alone what its owner has not started", async () => {
  using desk = new Desk();
  await using folder = await OwnFolder.make();
  const watch = await Watch.start("demo", folder);
  const args = ["eval", "--no-lock", HOLDS, String(desk.port)];
  // The mark of a folder whose name merely begins like the watched one.
  const env = { ATTEST_FOLDER: `${folder.path}0` };
  const other = new Deno.Command(DENO, { args, env, stdin: "null", stdout: "null" }).spawn();
  await desk.taken(1);
  await watch[Symbol.asyncDispose]();
  other.kill("SIGINT");
  assert.equal((await other.status).signal, "SIGINT");
});

Deno.test("on a machine without ps and kill the watcher ends process groups", async () => {
  using desk = new Desk();
  await using folder = await OwnFolder.make();
  const task = JSON.stringify({ mark: "ATTEST_FOLDER", folder: folder.path, left: [] });
  const script = new URL("./watcher.ts", import.meta.url).pathname;
  const run = ["run", "--quiet", "--no-prompt", "--no-config", "--no-lock", "--allow-run"];
  const args = [...run, `--allow-write=${folder.path}`, script, task];
  const watcher = new Deno.Command(DENO, { args, stdin: "piped", stdout: "null" }).spawn();
  const both = `${DENO} eval --no-lock "$0" $1 & exec ${DENO} eval --no-lock "$0" $1`;
  const program = new Deno.Command("sh", {
    args: ["-c", both, HOLDS, String(desk.port)],
    detached: true,
    stdin: "null",
    stdout: "null",
  }).spawn();
  await desk.taken(2);
  const writer = watcher.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`started ${program.pid}\n`));
  await writer.close();
  await desk.left();
  await program.status;
  assert.equal((await watcher.status).success, true);
});

Deno.test("where deno may not be started, the message says what would grant it", async () => {
  const code = `import { StartedProcess } from ${JSON.stringify(import.meta.resolve("../process.ts"))};
    const start = { kind: "process", command: ["mosquitto"] };
    await StartedProcess.start("lab", start, new AbortController().signal).catch((error) => console.log(error.message));`;
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(script, code);
  const args = [
    "run",
    "--no-prompt",
    "--no-check",
    "-R",
    "--allow-write=/tmp",
    "--allow-run=mosquitto",
    script,
  ];
  const { stdout } = await new Deno.Command(DENO, { args, stderr: "null" }).output();
  await Deno.remove(script);
  assert.equal(
    new TextDecoder().decode(stdout),
    'The target "lab" needs a second Deno to watch it, so it never outlives attest, and this is not permitted; run with --allow-run=deno\n',
  );
});
