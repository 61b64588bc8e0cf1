import { visible } from "../spec/problem.ts";

/** Milliseconds in which a user's reset command has to end, before it is killed. */
const WITHIN_MS = 30_000;
/** What it said is waited for so long once it has ended, ms: something that it started may hold its output open. */
const OUTPUT_MS = 200;
/** What is kept of what it says, for the message when it fails; characters. */
const KEPT = 300;

/**
 * Runs the command by which the user resets the module, given word by word; no shell reads it. Throws an Error with a
 * sentence when it can't be run, does not end with status 0, or not in time.
 */
export async function runResetCommand(
  words: readonly string[],
  signal: AbortSignal,
  withinMs = WITHIN_MS,
): Promise<void> {
  const [program = "", ...args] = words;
  signal.throwIfAborted();
  const child = start(program, args);
  let late = false;
  const kill = () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, withinMs);
  signal.addEventListener("abort", kill);
  try {
    const said = tail(child.stderr);
    const { success, code, signal: ended } = await child.status;
    const text = await said.end(OUTPUT_MS);
    signal.throwIfAborted();
    if (late) throw new Error(`The reset command "${program}" did not end within ${withinMs / 1000} s`);
    if (success) return;
    const how = ended === null ? `with status ${code}` : `by ${ended}`;
    throw new Error(`The reset command "${program}" ended ${how}${text === "" ? "" : `, and said: ${text}`}`);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
  }
}

function start(program: string, args: readonly string[]): Deno.ChildProcess {
  try {
    return new Deno.Command(program, { args: [...args], stdin: "null", stdout: "null", stderr: "piped" })
      .spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new Error(`The reset command "${program}" is not installed here`, { cause: error });
    }
    if (error instanceof Deno.errors.NotCapable) {
      const text = `The reset command "${program}" is not granted: run with --allow-run=${program}`;
      throw new Error(text, { cause: error });
    }
    throw error;
  }
}

/** Keeps the end of what a program says; `end` gives it, at the latest so many milliseconds after it was asked for. */
function tail(stream: ReadableStream<Uint8Array>): { readonly end: (withinMs: number) => Promise<string> } {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let kept = "";
  const reading = (async () => {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      kept = (kept + decoder.decode(read.value, { stream: true })).slice(-KEPT);
    }
  })();
  return {
    async end(withinMs) {
      const timer = setTimeout(() => void reader.cancel(), withinMs);
      await reading;
      clearTimeout(timer);
      return visible(kept.trim());
    },
  };
}
