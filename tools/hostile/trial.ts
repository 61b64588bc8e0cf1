import type { HostilePeer } from "./visitor.ts";
import { RunningPeer } from "./running_peer.ts";

const ROOT = new URL("../../", import.meta.url);

/** A program that runs another program in a terminal, and passes on its output and exit status. */
const TERMINAL = [
  "/usr/bin/python3",
  "-c",
  "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))",
];

/** How long a command may take to its first output, in milliseconds; a busy machine takes a few seconds. */
const FIRST_OUTPUT_MS = 120_000;

/** The commands that are tried on each peer. */
export const COMMANDS = ["conform", "load"] as const;
export type CommandName = (typeof COMMANDS)[number];

/** How to try a command on a hostile peer. */
export interface TrialOptions {
  /** The folder for its journal and reports. */
  readonly out: string;
  /** Its arguments after the target and the folder: suites, filters. */
  readonly args?: readonly string[];
  /** Whether only the peer's address is known, so attest asks it what it supports first. */
  readonly asks?: boolean;
  /** Whether it runs in its own terminal, with colours and a live line. */
  readonly terminal?: boolean;
  /** When to send SIGINT if it has not ended by then, in milliseconds from its first line. */
  readonly interruptMs: number;
  /** How long it may take to end after that before it is killed, in milliseconds. */
  readonly killMs: number;
}

/** The result of a command. */
export interface Trial {
  /** The exit status; 137 if it had to be killed. */
  readonly status: number;
  /** From the start of the process to its end, in milliseconds. */
  readonly tookMs: number;
  /** From the SIGINT to the end, in milliseconds; undefined without a SIGINT. */
  readonly endedMs?: number;
  /** The highest resident memory of the process in bytes, as counted by the system; read 20 times per second. */
  readonly peakBytes: number;
  readonly journalBytes: number;
  /** The names of the files in its folder. */
  readonly files: readonly string[];
  /** Its output, with errors at the end. */
  readonly printed: string;
}

/** Runs a command against a peer, and interrupts it if it takes too long. */
export async function tryOn(
  peer: HostilePeer,
  command: CommandName,
  options: TrialOptions,
): Promise<Trial> {
  await using running = await RunningPeer.start(peer);
  const begin = performance.now();
  const profile = peer.plays === "broker" ? "tools/hostile/profile.yaml" : "module-soak";
  const target = options.asks || peer.plays === "module"
    ? running.address
    : await targetFile(running.address, options.out);
  const [program = "", ...before] = options.terminal ? [...TERMINAL, Deno.execPath()] : [Deno.execPath()];
  const child = new Deno.Command(program, {
    args: [
      ...before,
      ...await taskArgs(command),
      ...(command === "load" ? [profile] : []),
      ...["--target", target, "--out", options.out, "--seed", "1"],
      ...options.args ?? [],
    ],
    cwd: ROOT,
    env: options.terminal ? { NO_COLOR: "", TERM: "xterm-256color" } : { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const peak = peakOf(child.pid);
  let interruptedAt: number | undefined;
  const timers = [setTimeout(() => child.kill("SIGKILL"), FIRST_OUTPUT_MS)];
  const errors = new Response(child.stderr).text();
  const decoder = new TextDecoder();
  let printed = "";
  for await (const bytes of child.stdout) {
    // The start-up time of a program says nothing about the peer.
    if (printed === "") {
      timers.splice(0).forEach(clearTimeout);
      timers.push(
        setTimeout(() => {
          interruptedAt = performance.now();
          child.kill("SIGINT");
        }, options.interruptMs),
        setTimeout(() => child.kill("SIGKILL"), options.interruptMs + options.killMs),
      );
    }
    printed += decoder.decode(bytes, { stream: true });
  }
  const { code } = await child.status;
  const end = performance.now();
  for (const timer of timers) clearTimeout(timer);
  return {
    status: code,
    tookMs: end - begin,
    ...(interruptedAt === undefined ? {} : { endedMs: end - interruptedAt }),
    peakBytes: await peak,
    journalBytes: await Deno.stat(`${options.out}/journal.ndjson`).then(({ size }) => size, () => 0),
    files: await namesIn(options.out),
    printed: printed + await errors,
  };
}

/** Returns the arguments with which the task of a command starts Deno, so it is tried as users run it. */
async function taskArgs(command: CommandName): Promise<readonly string[]> {
  const text = await Deno.readTextFile(new URL("deno.json", ROOT));
  const { tasks }: { tasks: Record<string, { command: string }> } = JSON.parse(text);
  const [, run = "", ...words] = tasks[command]?.command.split(" ") ?? [];
  return [run, "--quiet", ...words];
}

/**
 * Returns the highest resident memory of a process when it was last seen, in bytes. A shell reads /proc,
 * because Deno allows that only with all permissions; the shell ends with the process.
 */
async function peakOf(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("sh", {
    args: [
      "-c",
      'last=0; while now=$(grep VmHWM "/proc/$1/status" 2>/dev/null); do last=$now; sleep 0.05; done; echo "$last"',
      "sh",
      String(pid),
    ],
    stderr: "null",
  }).output();
  const kibibytes = /(\d+) kB/.exec(new TextDecoder().decode(stdout))?.[1];
  return Number(kibibytes ?? 0) * 1024;
}

/** Writes the file of a target that claims everything, so attest asks it nothing. */
async function targetFile(address: string, folder: string): Promise<string> {
  const path = `${folder}.target.yaml`;
  const supports = "[qos1, qos2, retained, wills, sessions, wildcards, several-in-flight]";
  await Deno.writeTextFile(
    path,
    `target: hostile\ntitle: A hostile peer\ntests: broker\naddress: ${address}\nsupports: ${supports}\n`,
  );
  return path;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
  } catch {
    return [];
  }
}
