/** What the installed command starts, from the tasks and permission sets of the package's `deno.json`. */
import { join } from "node:path";
import { grantFlags, type PermissionSet } from "./grants.ts";

/** The part of `deno.json` that is read here. */
export interface Manifest {
  readonly tasks: Readonly<Record<string, { readonly command: string }>>;
  readonly permissions: Readonly<Record<string, PermissionSet>>;
}

/** The task whose set serves what is no command: `--help`, `--version`, a word that is misspelt. It only reads. */
const READING = "list";

/** A command line of the installed command. */
export interface Words {
  /** Whether the permissions are asked for, instead of a run. */
  readonly show: boolean;
  /** Programs that may be started besides those of the set. */
  readonly programs: readonly string[];
  /** The command and what follows it. */
  readonly rest: readonly string[];
}

/** Reads the options that stand before the command: `--show-permissions` and `--allow-run=PROGRAM`. */
export function readWords(args: readonly string[]): Words {
  const programs: string[] = [];
  let show = false;
  let at = 0;
  for (; at < args.length; at += 1) {
    const word = args[at] ?? "";
    if (word === "--show-permissions") show = true;
    else if (word.startsWith("--allow-run=")) {
      // Nothing behind the sign would grant every program.
      programs.push(...word.slice("--allow-run=".length).split(",").filter((program) => program !== ""));
    } else break;
  }
  return { show, programs, rest: args.slice(at) };
}

/** How Deno is called for a command. */
export interface Invocation {
  /** Flags that grant something. */
  readonly permissions: readonly string[];
  /** All arguments for Deno. */
  readonly args: readonly string[];
}

/** The commands that can be called, in the order of the tasks. */
export function commandNames(manifest: Manifest): string[] {
  return Object.keys(manifest.tasks);
}

/**
 * How Deno is called, in the folder that the user works in, for `rest`: a command and its arguments. What begins with no
 * known command is passed to the program as it stands, with permission to read. `home` is the package's folder.
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

/** A task of the form `deno run -P=SET [FLAG…] SCRIPT [WORD…]`. Throws for any other. */
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
