import { defined } from "../ground/defined.ts";
import { main } from "./program.ts";
import type { Screen } from "./terminal/screen.ts";

/** What a command printed, and its exit status. */
export interface Said {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. */
export async function said(...args: string[]): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const status = await main(args, pipe(out, err));
  return { status, out: out.join("\n"), err: err.join("\n") };
}

/** A screen for a pipe: printed lines go to `out`, complaints to `err`. */
export function pipe(out: string[], err: string[]): Screen {
  return {
    live: false,
    columns: 100,
    draw: () => {},
    print: (line) => void out.push(line),
    complain: (line) => void err.push(line),
    paint: (_, text) => text,
  };
}

const ROOT = new URL("../../", import.meta.url);

/** The options of a child process. */
export interface ChildOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The permission set; `conform` by default. */
  readonly permissions?: string;
  /** A program and its arguments that start attest, such as one that gives it a terminal. */
  readonly through?: readonly string[];
}

/** Starts attest in a separate process with the permissions of a task. */
export function spawned(args: readonly string[], options: ChildOptions = {}): Deno.ChildProcess {
  const words = [
    ...options.through ?? [],
    Deno.execPath(),
    "run",
    "--quiet",
    "--config",
    new URL("deno.json", ROOT).pathname,
    `-P=${options.permissions ?? "conform"}`,
    new URL("main.ts", ROOT).pathname,
    ...args,
  ];
  const [program = "", ...rest] = words;
  return new Deno.Command(program, {
    args: rest,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...defined({ cwd: options.cwd, env: options.env && { ...options.env } }),
  }).spawn();
}

/** Waits for the end of a child, and kills it after `withinMs`, which gives the status 137. */
export async function ended(child: Deno.ChildProcess, withinMs = 60_000): Promise<Said> {
  const timer = setTimeout(() => child.kill("SIGKILL"), withinMs);
  try {
    const { code, stdout, stderr } = await child.output();
    return { status: code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for the end of a child, and calls `when` as soon as its output contains the text. */
export async function endedAfter(child: Deno.ChildProcess, text: string, when: () => void): Promise<Said> {
  const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
  const decoder = new TextDecoder();
  let out = "";
  let told = false;
  const reading = (async () => {
    for await (const bytes of child.stdout) {
      out += decoder.decode(bytes, { stream: true });
      if (told || !out.includes(text)) continue;
      told = true;
      when();
    }
  })();
  const [{ code }, err] = await Promise.all([child.status, new Response(child.stderr).text(), reading]);
  clearTimeout(timer);
  return { status: code, out, err };
}
