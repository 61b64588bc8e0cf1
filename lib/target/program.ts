import { escaped } from "../ground/text.ts";
import { TargetError } from "./target.ts";
import type { Watch } from "./watch/watch.ts";

/** How much of a program's output is kept for an error message, in characters. */
const KEPT_OUTPUT = 4_000;
/**
 * How long a program may take to exit after its run was interrupted, in ms. Whoever interrupts a run kills it
 * soon.
 */
const INTERRUPTED_STOP_MS = 2_000;
/** The number of its lines in a message. */
const LINES_SHOWN = 3;

/** A command line and its environment. */
export interface ProgramStart {
  readonly command: readonly string[];
  /** Environment variables that override those of attest. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** How long it may take to exit after the stop signal before it is killed, in ms. */
  readonly stopMs: number;
  /** The signal of the run. Once it aborts, the program gets less time to exit. */
  readonly signal?: AbortSignal | undefined;
  /** Ends it if attest no longer can; absent for a user's own command, which may start something permanent. */
  readonly watch?: Watch | undefined;
  /** Whether its input and output are for whoever has started it, so that only its errors are its last words. */
  readonly talks?: true | undefined;
}

/** A started program. Disposing it ends it by its process id. */
export class Program implements AsyncDisposable {
  readonly name: string;
  readonly #child: Deno.ChildProcess;
  readonly #output: Promise<void>;
  readonly #stopMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #readers: ReadableStreamDefaultReader<Uint8Array>[] = [];
  /** The exit status, once it has exited. */
  #status: number | undefined;
  #said = "";
  /** A second Ctrl-C ends this process at once; the program must not outlive it. */
  readonly #unload = () => this.#kill("SIGKILL");

  /** Starts a program for the target `target`. Throws {@link TargetError}. */
  constructor(target: string, start: ProgramStart) {
    const [name = "", ...args] = start.command;
    this.name = name;
    this.#stopMs = start.stopMs;
    this.#signal = start.signal;
    const { watch } = start;
    this.#child = spawn(target, name, args, {
      env: { ...start.env, ...watch?.env },
      detached: watch !== undefined,
      stdin: start.talks ? "piped" : "null",
    });
    watch?.started(this.#child.pid);
    globalThis.addEventListener("unload", this.#unload);
    void this.#child.status.then(({ code }) => {
      this.#status = code;
      watch?.ended(this.#child.pid);
      globalThis.removeEventListener("unload", this.#unload);
    });
    const said = start.talks ? [this.#child.stderr] : [this.#child.stdout, this.#child.stderr];
    this.#output = Promise.all(said.map((stream) => this.#listen(stream))).then(() => {});
  }

  /** What it reads and writes, of a program that talks. */
  get talk(): { readonly stdin: WritableStream<Uint8Array>; readonly stdout: ReadableStream<Uint8Array> } {
    return { stdin: this.#child.stdin, stdout: this.#child.stdout };
  }

  /** Its process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Whether it still runs. */
  get running(): boolean {
    return this.#status === undefined;
  }

  /** Returns its exit status, or undefined if `signal` aborts first. */
  async ended(signal: AbortSignal): Promise<number | undefined> {
    const aborted = Promise.withResolvers<undefined>();
    const onAbort = () => aborted.resolve(undefined);
    signal.addEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    const status = await Promise.race([this.#child.status, aborted.promise]);
    signal.removeEventListener("abort", onAbort);
    return status?.code;
  }

  /** How it ended, in words. */
  get ending(): string {
    return this.#status === undefined ? "still runs" : `exited with status ${this.#status}`;
  }

  /** Returns the last lines of its output, escaped, to end a message with; empty if there is no output. */
  get lastWords(): string {
    const said = escaped(this.#said.trim().split("\n").slice(-LINES_SHOWN).join("; "));
    return said === "" ? "" : `, with the output: ${said}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.running) {
      this.#kill("SIGTERM");
      using _late = this.#late(() => this.#kill("SIGKILL"));
      await this.#child.status;
    }
    // A program started by this one may keep its output open.
    using _late = this.#late(() => this.#readers.forEach((reader) => void reader.cancel()));
    await this.#output;
  }

  /**
   * Calls `act` once the program has had its time to exit, which is shorter after an interruption; not after
   * disposal.
   */
  #late(act: () => void): Disposable {
    const timers = [setTimeout(act, this.#stopMs)];
    const hurry = () => timers.push(setTimeout(act, INTERRUPTED_STOP_MS));
    if (this.#signal?.aborted) hurry();
    this.#signal?.addEventListener("abort", hurry);
    return {
      [Symbol.dispose]: () => {
        this.#signal?.removeEventListener("abort", hurry);
        timers.forEach(clearTimeout);
      },
    };
  }

  #kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It has exited by itself in the meantime.
    }
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

function spawn(
  target: string,
  program: string,
  args: readonly string[],
  { env, detached, stdin }: {
    readonly env: Readonly<Record<string, string>>;
    readonly detached: boolean;
    readonly stdin: "piped" | "null";
  },
): Deno.ChildProcess {
  try {
    return new Deno.Command(program, {
      args: [...args],
      env: { ...env },
      // As the leader of its own process group, so it can be ended together with everything that it has
      // started.
      detached,
      stdin,
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new TargetError(
        `The target "${target}" needs the program "${program}", which is not installed here`,
      );
    }
    if (error instanceof Deno.errors.NotCapable) {
      throw new TargetError(
        `The target "${target}" starts "${program}", which is not permitted; run with --allow-run=${program}`,
      );
    }
    throw error;
  }
}

/** Returns the first line of a command's output, or undefined if there is none within `withinMs`. */
export async function firstLineOf(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  withinMs: number,
): Promise<string | undefined> {
  const [program = "", ...args] = command;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), withinMs);
  try {
    const { stdout, stderr } = await new Deno.Command(program, {
      args,
      env: { ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: late.signal,
    }).output();
    const text = new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr);
    return escaped(text.trimStart().split("\n")[0]?.trim().slice(0, 200) ?? "") || undefined;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs a user's command to its end; `done` says what it does to the target, for messages. Throws {@link
 * TargetError} if the command fails or takes longer than `withinMs`.
 */
export async function runToEnd(
  target: string,
  done: "restarted" | "reset",
  command: readonly string[],
  withinMs: number,
  signal: AbortSignal,
): Promise<void> {
  await using program = new Program(target, { command, stopMs: 1_000 });
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), withinMs);
  try {
    const status = await program.ended(AbortSignal.any([signal, late.signal]));
    if (status === 0) return;
    const how = status === undefined ? `did not end within ${withinMs / 1000} s` : program.ending;
    // Disposal reads the rest of its output.
    await program[Symbol.asyncDispose]();
    throw new TargetError(
      `The target "${target}" was not ${done}: "${program.name}" ${how}${program.lastWords}`,
    );
  } finally {
    clearTimeout(timer);
  }
}
