import { TargetError } from "./target.ts";
import type { Start } from "./target_file.ts";

/** How long a started program may take until it listens, and until it has ended once it was told to. */
const START_MS = 8_000;
const STOP_MS = 3_000;
/** What is kept of what a program says, for the message when it fails; characters. */
const KEPT_OUTPUT = 4_000;

/** A program that was started for a run, with a folder of its own. Disposing it ends it by its process id. */
export class StartedProcess implements AsyncDisposable {
  readonly port: number;
  readonly version: string | undefined;
  readonly #child: Deno.ChildProcess;
  readonly #folder: string;
  readonly #output: Promise<void>;
  #ended = false;
  #said = "";

  private constructor(child: Deno.ChildProcess, folder: string, port: number, version: string | undefined) {
    this.#child = child;
    this.#folder = folder;
    this.port = port;
    this.version = version;
    void child.status.then(() => this.#ended = true);
    this.#output = Promise.all([this.#listen(child.stdout), this.#listen(child.stderr)]).then(() => {});
  }

  /** Starts the program and waits until it takes connections. Throws {@link TargetError}. */
  static async start(
    name: string,
    start: Extract<Start, { kind: "process" }>,
    signal: AbortSignal,
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
      const process = new StartedProcess(spawn(name, program, args), folder, port, version);
      if (await process.#listens(signal)) return process;
      await process[Symbol.asyncDispose]();
      throw new TargetError(
        `The target "${name}" did not start: ${program} ${process.#said.trim() || "said nothing"}`,
      );
    } catch (error) {
      await Deno.remove(folder, { recursive: true }).catch(() => {});
      throw error;
    }
  }

  /** Whether it still runs. */
  get running(): boolean {
    return !this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) {
      this.#kill("SIGTERM");
      const timer = setTimeout(() => this.#kill("SIGKILL"), STOP_MS);
      await this.#child.status;
      clearTimeout(timer);
    }
    await this.#output;
    await Deno.remove(this.#folder, { recursive: true }).catch(() => {});
  }

  #kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It ended by itself meanwhile.
    }
  }

  async #listens(signal: AbortSignal): Promise<boolean> {
    const until = performance.now() + START_MS;
    while (!this.#ended && performance.now() < until && !signal.aborted) {
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
    for await (const bytes of stream) {
      this.#said = (this.#said + decoder.decode(bytes, { stream: true })).slice(-KEPT_OUTPUT);
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
  try {
    const { stdout, stderr } = await new Deno.Command(program, {
      args,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
    const text = new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr);
    return text.split("\n")[0]?.slice(0, 200);
  } catch {
    return undefined;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
