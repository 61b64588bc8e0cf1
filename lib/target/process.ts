import { visible } from "../spec/problem.ts";
import { TargetError } from "./target.ts";
import type { Start } from "./target_file.ts";

/** How long a program may take, in milliseconds. */
export interface ProcessTimes {
  /** Until it listens; default 8,000. */
  readonly startMs?: number;
  /** Until it has ended once it was told to, before it is killed; default 3,000. */
  readonly stopMs?: number;
}

const START_MS = 8_000;
const STOP_MS = 3_000;
/** Milliseconds for the command that tells the version. */
const VERSION_MS = 2_000;
/** What is kept of what a program says, for the message when it fails; characters. */
const KEPT_OUTPUT = 4_000;

/** A program that was started for a run, with a folder of its own. Disposing it ends it by its process id. */
export class StartedProcess implements AsyncDisposable {
  readonly port: number;
  readonly version: string | undefined;
  readonly #child: Deno.ChildProcess;
  readonly #folder: string;
  readonly #output: Promise<void>;
  readonly #stopMs: number;
  readonly #readers: ReadableStreamDefaultReader<Uint8Array>[] = [];
  /** The exit status, once it has ended. */
  #status: number | undefined;
  #said = "";
  /** A second Ctrl-C ends this process at once; the program must not outlive it. */
  readonly #unload = () => this.#kill("SIGKILL");

  private constructor(
    child: Deno.ChildProcess,
    folder: string,
    port: number,
    version: string | undefined,
    times: ProcessTimes,
  ) {
    this.#child = child;
    this.#stopMs = times.stopMs ?? STOP_MS;
    this.#folder = folder;
    this.port = port;
    this.version = version;
    globalThis.addEventListener("unload", this.#unload);
    void child.status.then(({ code }) => {
      this.#status = code;
      globalThis.removeEventListener("unload", this.#unload);
    });
    this.#output = Promise.all([this.#listen(child.stdout), this.#listen(child.stderr)]).then(() => {});
  }

  /** Starts the program and waits until it takes connections. Throws {@link TargetError}. */
  static async start(
    name: string,
    start: Extract<Start, { kind: "process" }>,
    signal: AbortSignal,
    times: ProcessTimes = {},
  ): Promise<StartedProcess> {
    const folder = await Deno.makeTempDir({ prefix: "attest-" });
    try {
      const port = freePort();
      const fill = (text: string) =>
        text.replaceAll("{port}", String(port)).replaceAll("{folder}", folder).replaceAll(
          "{config}",
          `${folder}/config`,
        );
      if (start.config !== undefined) await Deno.writeTextFile(`${folder}/config`, fill(start.config));
      const version = start.version ? await versionOf(start.version) : undefined;
      const [program = "", ...args] = start.command.map(fill);
      const process = new StartedProcess(spawn(name, program, args), folder, port, version, times);
      if (await process.#listens(signal, times.startMs ?? START_MS)) return process;
      const ended = process.#status;
      await process[Symbol.asyncDispose]();
      throw new TargetError(`The target "${name}" did not start: ${process.#outcome(program, ended)}`);
    } catch (error) {
      await Deno.remove(folder, { recursive: true }).catch(() => {});
      throw error;
    }
  }

  /** Whether it still runs. */
  get running(): boolean {
    return this.#status === undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.running) {
      this.#kill("SIGTERM");
      const timer = setTimeout(() => this.#kill("SIGKILL"), this.#stopMs);
      await this.#child.status;
      clearTimeout(timer);
    }
    // What it started itself may hold its output open.
    const timer = setTimeout(() => this.#readers.forEach((reader) => void reader.cancel()), this.#stopMs);
    await this.#output;
    clearTimeout(timer);
    await Deno.remove(this.#folder, { recursive: true }).catch(() => {});
  }

  #outcome(program: string, ended: number | undefined): string {
    const what = ended === undefined
      ? `listens on no port ${this.port}`
      : `ended with status ${ended} before it listened`;
    const said = visible(this.#said.trim().split("\n").slice(-3).join("; "));
    return `"${visible(program)}" ${what}${said === "" ? "" : `, and said: ${said}`}`;
  }

  #kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It ended by itself meanwhile.
    }
  }

  async #listens(signal: AbortSignal, withinMs: number): Promise<boolean> {
    const until = performance.now() + withinMs;
    while (this.running && performance.now() < until && !signal.aborted) {
      try {
        (await Deno.connect({ hostname: "127.0.0.1", port: this.port })).close();
        return true;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    return false;
  }

  async #listen(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    const reader = stream.getReader();
    this.#readers.push(reader);
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      this.#said = (this.#said + decoder.decode(read.value, { stream: true })).slice(-KEPT_OUTPUT);
    }
  }
}

function spawn(name: string, program: string, args: readonly string[]): Deno.ChildProcess {
  try {
    return new Deno.Command(program, { args: [...args], stdin: "null", stdout: "piped", stderr: "piped" })
      .spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new TargetError(
        `The target "${name}" needs the program "${program}", which is not installed here`,
      );
    }
    if (error instanceof Deno.errors.NotCapable) {
      throw new TargetError(
        `The target "${name}" starts "${program}", which is not granted: run with --allow-run=${program}`,
      );
    }
    throw error;
  }
}

/** The first line that a program prints of its version; undefined when it prints none. */
async function versionOf(command: readonly string[]): Promise<string | undefined> {
  const [program = "", ...args] = command;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), VERSION_MS);
  try {
    const { stdout, stderr } = await new Deno.Command(program, {
      args,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: late.signal,
    }).output();
    const text = new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr);
    return visible(text.trimStart().split("\n")[0]?.trim().slice(0, 200) ?? "") || undefined;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
