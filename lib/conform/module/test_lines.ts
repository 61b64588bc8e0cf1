import { pause } from "../../ground/wait.ts";
import assert from "node:assert/strict";
import type { ModuleBehaviour } from "../../module/behaviour.ts";
import { serve } from "../../module/serve.ts";
import { VirtualModule } from "../../module/virtual_module.ts";
import type { Suite } from "../../suite/file/model.ts";
import type { TargetFile } from "../../target/target_file.ts";
import { freePort } from "../../transport/free_port.ts";
import { openPty } from "../../transport/pty.ts";
import { type Transport, writeAll } from "../../transport/transport.ts";
import { moduleTarget, suiteOf } from "../test_bench.ts";

/** Whether a program is installed here; if not, prints that tests are skipped. */
export async function installed(program: string, ...args: string[]): Promise<boolean> {
  const runs = await new Deno.Command(program, { args, stdin: "null", stdout: "null", stderr: "null" })
    .output().then(() => true, () => false);
  if (!runs) console.log(`skipped: ${program} is not installed here`);
  return runs;
}

/** A module target at an address. */
export function lineTarget(address: string, more: Partial<TargetFile> = {}): TargetFile {
  const { start: _, ...file } = moduleTarget([], more);
  return { ...file, address: { text: address, place: { file: "test", line: 1, column: 1, length: 1 } } };
}

/** A shipped suite, by its path below `suites/`. */
export async function shipped(name: string): Promise<Suite> {
  const text = await Deno.readTextFile(new URL(`../../../suites/${name}.yaml`, import.meta.url));
  return await suiteOf(text, name.startsWith("client/") ? "client" : "at");
}

/** The virtual module as `deno task module` serves it, until it is disposed of. */
export class Served implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #line = Promise.withResolvers<string>();
  readonly #serving: Promise<void>;

  constructor(how: "pty" | "tcp", behaviour: Partial<ModuleBehaviour> = {}) {
    this.#serving = serve({
      ...(how === "tcp" ? { tcp: 0 } : {}),
      behaviour,
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

/** A pair of ptys, one of which socat joins to a device; {@link path} is the other one's. */
export class Socat implements AsyncDisposable {
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

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#child, "SIGTERM");
    await this.#child.stderr.cancel();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** ser2net before a device: raw TCP at {@link address}. */
export class Ser2net implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #config: string;
  readonly #port: number;

  private constructor(child: Deno.ChildProcess, config: string, port: number) {
    this.#child = child;
    this.#config = config;
    this.#port = port;
  }

  static async start(device: string): Promise<Ser2net> {
    const port = freePort();
    const config = await Deno.makeTempFile({ suffix: ".yaml" });
    await Deno.writeTextFile(
      config,
      `connection: &line\n  accepter: tcp,127.0.0.1,${port}\n  connector: serialdev,${device},115200n81,local\n`,
    );
    const args = ["-n", "-c", config];
    const child = new Deno.Command(SER2NET, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
    const server = new Ser2net(child, config, port);
    await server.#listening();
    return server;
  }

  get address(): string {
    return `tcp-serial://127.0.0.1:${this.#port}`;
  }

  /** Connects to find out whether it listens, because it does not report that. */
  async #listening(): Promise<void> {
    const until = performance.now() + 5_000;
    for (;;) {
      try {
        return (await Deno.connect({ hostname: "127.0.0.1", port: this.#port })).close();
      } catch (error) {
        if (performance.now() > until) throw error;
        await pause(10);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#child, "SIGKILL");
    await Deno.remove(this.#config);
  }
}

export const SER2NET = "/usr/sbin/ser2net";

/**
 * A virtual module behind an adapter that can be unplugged: the host's device disappears, and returns as
 * another one under the same name, as with udev. The module stays powered, and its output meanwhile is lost.
 */
export class Adapter implements AsyncDisposable {
  readonly #folder: string;
  readonly #module: VirtualModule;
  readonly #side: ModuleSide;

  private constructor(folder: string, module: VirtualModule, side: ModuleSide) {
    this.#folder = folder;
    this.#module = module;
    this.#side = side;
  }

  static async start(behaviour: Partial<ModuleBehaviour> = {}): Promise<Adapter> {
    const side = new ModuleSide();
    const module = await VirtualModule.start({ transport: side, behaviour });
    const adapter = new Adapter(await Deno.makeTempDir(), module, side);
    await adapter.plug();
    return adapter;
  }

  /** The path that the host opens: a link to the device. */
  get path(): string {
    return `${this.#folder}/tty`;
  }

  async plug(): Promise<void> {
    const { master, path } = openPty();
    this.#side.join(master);
    // Deno creates a link only with permission to write everywhere.
    const { success } = await new Deno.Command("ln", { args: ["-s", path, this.path] }).output();
    assert.ok(success);
  }

  async unplug(): Promise<void> {
    await Deno.remove(this.path);
    this.#side.part();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#side.part();
    await this.#module[Symbol.asyncDispose]();
    await this.#side.settled();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** A module's end of a line that can be disconnected. */
class ModuleSide implements Transport {
  readonly #typed: Uint8Array[] = [];
  readonly #reading: Promise<void>[] = [];
  #line: Transport | undefined;
  #wake: (() => void) | undefined;
  #closed = false;

  join(line: Transport): void {
    this.#line = line;
    this.#reading.push(this.#read(line));
  }

  part(): void {
    this.#line?.close();
    this.#line = undefined;
  }

  async settled(): Promise<void> {
    await Promise.all(this.#reading);
  }

  async read(into: Uint8Array): Promise<number | null> {
    while (this.#typed.length === 0 && !this.#closed) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const bytes = this.#typed.shift();
    if (!bytes) return null;
    const taken = bytes.subarray(0, into.length);
    into.set(taken);
    if (taken.length < bytes.length) this.#typed.unshift(bytes.subarray(taken.length));
    return taken.length;
  }

  async write(bytes: Uint8Array): Promise<number> {
    try {
      if (this.#line) await writeAll(this.#line, bytes);
    } catch {
      // Nobody receives it.
    }
    return bytes.length;
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #read(line: Transport): Promise<void> {
    const buffer = new Uint8Array(4096);
    try {
      for (let size = await line.read(buffer); size !== null; size = await line.read(buffer)) {
        this.#typed.push(buffer.slice(0, size));
        this.#wake?.();
      }
    } catch {
      // It was unplugged.
    }
  }
}

async function end(child: Deno.ChildProcess, signal: Deno.Signal): Promise<void> {
  try {
    child.kill(signal);
  } catch {
    // It has closed.
  }
  await child.status;
}
