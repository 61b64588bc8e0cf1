import assert from "node:assert/strict";
import { serve } from "../module/serve.ts";
import { openPty } from "../transport/pty.ts";
import { SerialPort } from "../transport/serial.ts";
import type { Transport } from "../transport/transport.ts";
import type { Suite } from "../suite/model.ts";
import type { ModuleTarget } from "../target/target.ts";
import type { TargetFile } from "../target/target_file.ts";
import { ModuleLine } from "./module_line.ts";
import { ecmt, judge, moduleTarget, suiteOf, verdicts } from "./test_bench.ts";

const signal = new AbortController().signal;

/** The virtual module as `deno task module` serves it, until it is disposed of. */
class Served implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #line = Promise.withResolvers<string>();
  readonly #serving: Promise<void>;

  constructor(how: "pty" | "tcp") {
    this.#serving = serve({
      ...(how === "tcp" ? { tcp: 0 } : {}),
      signal: this.#stop.signal,
      print: (line) => this.#line.resolve(line),
    });
  }

  /** A path, or `tcp-serial://127.0.0.1:4001`. */
  async address(): Promise<string> {
    return (await this.#line.promise).replace(/^.* /, "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#serving;
  }
}

/** A pair of ptys of which socat joins one to a device; {@link path} is the other one's. */
class Socat implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #folder: string;
  readonly path: string;

  private constructor(child: Deno.ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
    this.path = `${folder}/tty`;
  }

  static async start(device: string): Promise<Socat> {
    const folder = await Deno.makeTempDir();
    const child = new Deno.Command("socat", {
      args: ["-d", "-d", `pty,raw,echo=0,link=${folder}/tty`, `${device},raw,echo=0`],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const socat = new Socat(child, folder);
    const reader = child.stderr.getReader();
    let said = "";
    while (!said.includes("starting data transfer loop")) {
      const { value, done } = await reader.read();
      assert.ok(!done, `socat ended: ${said}`);
      said += new TextDecoder().decode(value);
    }
    reader.releaseLock();
    return socat;
  }

  /** Ends it, as an adapter is pulled out. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      Deno.kill(this.#child.pid);
    } catch {
      // It has ended.
    }
    await this.#child.stderr.cancel();
    await this.#child.status;
    await Deno.remove(this.#folder, { recursive: true });
  }
}

function lineTarget(address: string): TargetFile {
  const { start: _, ...file } = moduleTarget();
  return { ...file, address: { text: address, place: { file: "test", line: 1, column: 1, length: 1 } } };
}

async function shipped(name: string): Promise<Suite> {
  return await suiteOf(
    await Deno.readTextFile(new URL(`../../suites/at/${name}.yaml`, import.meta.url)),
    "at",
  );
}

const hasSocat = await new Deno.Command("socat", { args: ["-V"], stdout: "null", stderr: "null" }).output()
  .then(({ success }) => success, () => false);
if (!hasSocat) console.log("socat is missing: the tests of module suites over it are skipped");

Deno.test("a module over raw TCP gets the verdicts that it gets where it is power-cycled", async () => {
  const suites = [await shipped("session"), await shipped("disc")];
  const cycled = await judge(suites, moduleTarget());
  await using served = new Served("tcp");
  const led = await judge(suites, lineTarget(await served.address()));
  assert.deepEqual(verdicts(led), verdicts(cycled));
  assert.ok(led.cases.length > 40);
});

Deno.test("a module behind a pair of ptys gets them too", { ignore: !hasSocat }, async () => {
  const suites = [await shipped("session")];
  const cycled = await judge(suites, moduleTarget());
  await using served = new Served("pty");
  await using socat = await Socat.start(await served.address());
  const led = await judge(suites, lineTarget(`serial:${socat.path}`));
  assert.deepEqual(verdicts(led), verdicts(cycled));
});

Deno.test("after the last case the module is left without a context", async () => {
  await using served = new Served("pty");
  const address = `serial:${await served.address()}`;
  const online = (name: string) =>
    suiteOf(
      `suite: demo\ntitle: Demo\ncases:\n  - { case: ${name}, purpose: it MUST connect, ${
        name === "first"
          ? "use: { online: {} }, steps: [dte -> AT, dte <- OK]"
          : "steps: [dte -> AT+ECMTCONN?, dte <- OK]"
      } }\n`,
      "at",
    );
  assert.deepEqual(verdicts(await judge(await online("first"), lineTarget(address))), { first: "pass" });
  assert.deepEqual(verdicts(await judge(await online("next"), lineTarget(address))), { next: "pass" });
});

/** A module target whose line the test opens. */
async function played(openPort: () => Transport): Promise<ModuleTarget> {
  const dialect = await ecmt();
  return {
    kind: "module",
    name: "played",
    address: "serial:/dev/ttyPlayed",
    protocols: ["ECMT"],
    supports: [],
    values: new Map(),
    withinMs: 1_000,
    limitMs: 1_000,
    dialect,
    mostPorts: 1,
    brokerHost: "127.0.0.1",
    brokerPort: 0,
    listenHost: "127.0.0.1",
    openPort() {
      try {
        return Promise.resolve({ transport: openPort(), [Symbol.asyncDispose]: () => Promise.resolve() });
      } catch (error) {
        return Promise.reject(error);
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

Deno.test("a line that is gone is waited for and opened anew, and told once it does not come back", async () => {
  const gone = new Error("There is no such port");
  await using served = new Served("pty");
  const module = await served.address();
  const { master, path } = openPty();
  const lines: (() => Transport)[] = [
    () => SerialPort.open(path),
    () => {
      throw gone;
    },
    () => SerialPort.open(module),
  ];
  const target = await played(() => {
    const open = lines.shift();
    if (!open) throw gone;
    return open();
  });
  await using line = await ModuleLine.open(target, signal, 500);
  master.close();
  await line.restart();
  assert.equal(line.lost, false);
  assert.equal(lines.length, 0);
  line.dte.close();
  await line.dte.receive(5_000);
  assert.equal(line.lost, true);
  for (let count = 0; count < 2; count++) {
    await assert.rejects(line.restart(), { message: "The serial line serial:/dev/ttyPlayed is gone" });
    assert.equal(line.lost, false);
  }
});
