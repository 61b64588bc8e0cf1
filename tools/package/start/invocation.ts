/** What the installed command starts, according to the tasks and permission sets of the package's `deno.json`. */
import { join } from "node:path";
import { grantFlags, type PermissionSet } from "./grants.ts";

/** The part of `deno.json` that is read here. */
export interface Manifest {
  readonly tasks: Readonly<Record<string, { readonly command: string }>>;
  readonly permissions: Readonly<Record<string, PermissionSet>>;
}

/**
 * The task whose permission set is used for anything that is not a command: `--help`, `--version`, a
 * misspelled word. It only reads.
 */
const READING = "list";

/** A command line of the installed command. */
export interface Words {
  /** Whether the user asks for the permissions instead of a run. */
  readonly show: boolean;
  /** Programs that may be started in addition to those of the set. */
  readonly programs: readonly string[];
  /** The command and its arguments. */
  readonly rest: readonly string[];
}

/** Reads the options before the command: `--show-permissions` and `--allow-run=PROGRAM`. */
export function readWords(args: readonly string[]): Words {
  const programs: string[] = [];
  let show = false;
  let at = 0;
  for (; at < args.length; at += 1) {
    const word = args[at] ?? "";
    if (word === "--show-permissions") show = true;
    else if (word.startsWith("--allow-run=")) {
      // An empty value would permit every program.
      programs.push(...word.slice("--allow-run=".length).split(",").filter((program) => program !== ""));
    } else break;
  }
  return { show, programs, rest: args.slice(at) };
}

/** How to call Deno for a command. */
export interface Invocation {
  /** The permission flags. */
  readonly permissions: readonly string[];
  /** All arguments for Deno. */
  readonly args: readonly string[];
}

/** Returns the commands that can be called, in task order. */
export function commandNames(manifest: Manifest): string[] {
  return Object.keys(manifest.tasks);
}

/**
 * Returns how to call Deno, in the folder in which the user works, for `rest`: a command and its arguments.
 * Arguments without a known command are passed to the program unchanged, with permission to read. `home` is
 * the package's folder.
 */
export function invocation(
  manifest: Manifest,
  home: string,
  { rest, programs }: Pick<Words, "rest" | "programs">,
): Invocation {
  const [name = "", ...others] = rest;
  const known = Object.hasOwn(manifest.tasks, name);
  const task = readTask(manifest, known ? name : READING);
  const permissions = grantFlags(task.set, home, programs);
  return {
    permissions,
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--cached-only",
      `--config=${join(home, "deno.json")}`,
      ...task.flags,
      ...permissions,
      join(home, task.script),
      ...(known ? [...task.words, ...others] : rest),
    ],
  };
}

interface Task {
  readonly set: PermissionSet;
  readonly flags: readonly string[];
  readonly script: string;
  readonly words: readonly string[];
}

/** Parses a task of the form `deno run -P=SET [FLAG…] SCRIPT [WORD…]`. Throws for any other form. */
function readTask({ tasks, permissions }: Manifest, name: string): Task {
  const words = (tasks[name]?.command ?? "").split(" ").slice(2);
  const at = words.findIndex((word) => !word.startsWith("-"));
  const flags = words.slice(0, at);
  const set = permissions[flags.find((word) => word.startsWith("-P="))?.slice(3) ?? ""];
  const script = words[at];
  if (!set || script === undefined) {
    throw new Error(
      `The task "${name}" of deno.json names no permission set; expected deno run -P=SET SCRIPT`,
    );
  }
  return {
    set,
    flags: flags.filter((word) => !word.startsWith("-P=") && word !== "--quiet"),
    script,
    words: words.slice(at + 1),
  };
}
