import { pause } from "../../lib/ground/wait.ts";
import type { Run } from "./runs.ts";

/** The interval in milliseconds between two checks for running processes. */
const LOOK_MS = 100;
/** The time limit in milliseconds of a run after its stop signal, and of one without a signal. */
const ENDS_WITHIN_MS = 60_000;
const ROOT = new URL("../../", import.meta.url);
/**
 * The environment variable that marks all processes of a run, whatever the programs do with their groups and
 * parents.
 */
const MARK = "ATTEST_KILLS";

/** The result of a killed run. */
export interface Killed {
  /** Whether it had already ended by itself. */
  readonly over: boolean;
  /** How many processes besides attest ran when the signal was sent. */
  readonly beside: number;
  /**
   * Milliseconds from the signal to the end of attest, and from there until none of its processes ran;
   * undefined if that never happened.
   */
  readonly endedMs: number;
  readonly clearMs: number | undefined;
  /** The processes that still ran, one per line: number and command line. */
  readonly left: readonly string[];
  /** The folders in the temporary folder. */
  readonly folders: readonly string[];
}

/** A place for runs that are killed, with its own temporary folder. Disposing it removes that. */
export class KillingGround implements AsyncDisposable {
  readonly #folder: string;
  #count = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Creates the folder. */
  static async make(): Promise<KillingGround> {
    const folder = await Deno.makeTempDir({ prefix: "attest-kills-" });
    await Deno.mkdir(`${folder}/tmp`);
    return new KillingGround(folder);
  }

  /**
   * Starts a run, sends it a signal after `afterMs`, and checks for `clearWithinMs` whether any of its
   * processes still runs.
   */
  async kill(
    run: Run,
    { signal, afterMs, clearWithinMs }: {
      readonly signal: "SIGKILL" | "SIGTERM";
      readonly afterMs: number;
      readonly clearWithinMs: number;
    },
  ): Promise<Killed> {
    const { child, mark } = this.#start(run);
    let over = false;
    const ended = child.status.then(() => over = true);
    await Promise.race([ended, pause(afterMs)]);
    const was = over;
    const beside = (await running(mark)).length - 1;
    const signalled = performance.now();
    try {
      child.kill(signal);
    } catch {
      // It has ended meanwhile.
    }
    await within(child, ENDS_WITHIN_MS);
    const from = performance.now();
    let left = await running(mark);
    while (left.length > 0 && performance.now() - from < clearWithinMs) {
      await pause(LOOK_MS);
      left = await running(mark);
    }
    return {
      over: was,
      beside: Math.max(0, beside),
      endedMs: from - signalled,
      clearMs: left.length === 0 ? performance.now() - from : undefined,
      left,
      folders: await this.folders(),
    };
  }

  /** Returns the milliseconds from the start of a run until the first of its programs runs. */
  async startsAfter(run: Run): Promise<number> {
    const { child, mark } = this.#start(run);
    const begin = performance.now();
    let ended = false;
    void child.status.then(() => ended = true);
    while (!ended && (await running(mark)).length < 2);
    const took = performance.now() - begin;
    if (!ended) child.kill("SIGTERM");
    await within(child, ENDS_WITHIN_MS);
    return took;
  }

  /** Runs to the end and returns the exit status. */
  async run(run: Run): Promise<number> {
    const { child } = this.#start(run);
    return (await within(child, ENDS_WITHIN_MS)).code;
  }

  /** Returns the names of the entries in the temporary folder. */
  async folders(): Promise<readonly string[]> {
    return await Array.fromAsync(Deno.readDir(`${this.#folder}/tmp`), ({ name }) => name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }

  #start(run: Run): { readonly child: Deno.ChildProcess; readonly mark: string } {
    const number = ++this.#count;
    const mark = `${this.#folder}/${number}`;
    const child = new Deno.Command("deno", {
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        `-P=${run.permissions}`,
        ...run.command(`${this.#folder}/out-${number}`),
      ],
      cwd: ROOT,
      env: { TMPDIR: `${this.#folder}/tmp`, NO_COLOR: "1", [MARK]: mark },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    return { child, mark };
  }
}

/** Waits until a process has ended. Kills it and throws Error if that takes too long. */
async function within(child: Deno.ChildProcess, ms: number): Promise<Deno.CommandStatus> {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, ms);
  const status = await child.status;
  clearTimeout(timer);
  if (late) throw new Error(`A run did not end within ${ms / 1_000} s`);
  return status;
}

/** Returns the processes with a mark, except zombies. */
async function running(mark: string): Promise<readonly string[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["axeww", "-o", "pid=,stat=,command="],
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout).split("\n")
    .filter((line) => `${line} `.includes(` ${MARK}=${mark} `) && !/^\s*\d+\s+Z/.test(line))
    .map((line) => line.trim().slice(0, 100));
}
