/**
 * Runs conform and load against each hostile peer of tools/hostile, and shows time, memory and exit status of
 * each. A run that has not ended by its time limit gets a Ctrl-C, and must then end.
 */
import { parseArgs } from "node:util";
import { plainTable } from "../../lib/cli/terminal/plain_table.ts";
import type { HostilePeer } from "../hostile/visitor.ts";
import { peerNamed, PEERS } from "../hostile/peers.ts";
import { type CommandName, COMMANDS, type Trial, tryOn } from "../hostile/trial.ts";

/** The limits of a run: resident memory and journal in MB of 10^6 bytes, and seconds from Ctrl-C to the end. */
const MEMORY_MB = 400;
const JOURNAL_MB = 100;
const INTERRUPTED_S = 2;
/** A load completes messages in flight before it ends. */
const DRAIN_S = 2;

const HELP =
  `Usage: deno task bench hostile [--peers NAME,…] [--commands conform,load] [--seconds N] [--suites NAME,…]

Peers:
${PEERS.map(({ name, about }) => `  ${name.padEnd(26)}${about}`).join("\n")}
`;

interface Asked {
  readonly peers: readonly HostilePeer[];
  readonly commands: readonly CommandName[];
  readonly seconds: number;
  readonly suites: readonly string[];
}

/**
 * Runs the bench and returns the exit status: 0 if each run kept its limits, 1 if not, 2 for a wrong command
 * line.
 */
export async function benchHostile(args: readonly string[]): Promise<number> {
  const asked = readArgs(args);
  if (typeof asked === "number") return asked;
  const folder = await Deno.makeTempDir({ prefix: "attest-hostile-" });
  const rows: string[][] = [];
  let right = true;
  try {
    for (const peer of asked.peers) {
      for (const command of asked.commands) {
        const trial = await tryOn(peer, command, {
          out: `${folder}/${peer.name}-${command}`,
          asks: true,
          args: command === "conform" ? asked.suites : [],
          interruptMs: asked.seconds * 1000,
          killMs: 20_000,
        });
        const broken = exceeded(trial, command);
        right &&= broken.length === 0;
        rows.push(row(peer, command, trial, broken));
        console.log(rows.at(-1)?.filter((cell) => cell !== "").join("  "));
        if (broken.length > 0) console.log(trial.printed.slice(-2000));
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const head = ["peer", "command", "", "seconds", "Ctrl-C", "peak MB", "journal MB", "exit"];
  console.log(`\n${plainTable(head, rows, 5)}`);
  console.log(
    `\nBounds: ${MEMORY_MB} MB of memory, ${JOURNAL_MB} MB of journal, ` +
      `${INTERRUPTED_S} s from Ctrl-C to the end, ${INTERRUPTED_S + DRAIN_S} s of a load`,
  );
  return right ? 0 : 1;
}

/** Describes in a few words which limits a run exceeded. */
function exceeded(trial: Trial, command: CommandName): readonly string[] {
  const endS = INTERRUPTED_S + (command === "load" ? DRAIN_S : 0);
  return [
    ...(trial.status === 137 ? ["killed"] : []),
    ...(trial.peakBytes > MEMORY_MB * 1e6 ? ["memory"] : []),
    ...(trial.journalBytes > JOURNAL_MB * 1e6 ? ["journal"] : []),
    ...((trial.endedMs ?? 0) > endS * 1000 ? ["slow to end"] : []),
    ...(trial.files.includes("report.html") ? [] : ["no report"]),
  ];
}

function row(peer: HostilePeer, command: CommandName, trial: Trial, broken: readonly string[]): string[] {
  return [
    peer.name,
    command,
    broken.length === 0 ? "kept" : broken.join(", "),
    (trial.tookMs / 1000).toFixed(1),
    trial.endedMs === undefined ? "" : (trial.endedMs / 1000).toFixed(1),
    (trial.peakBytes / 1e6).toFixed(0),
    (trial.journalBytes / 1e6).toFixed(1),
    String(trial.status),
  ];
}

function readArgs(args: readonly string[]): Asked | number {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        peers: { type: "string" },
        commands: { type: "string", default: COMMANDS.join(",") },
        seconds: { type: "string", default: "30" },
        suites: { type: "string", default: "" },
        help: { type: "boolean" },
      },
    });
    if (values.help) {
      console.log(HELP);
      return 0;
    }
    const seconds = Number(values.seconds);
    if (!(seconds >= 1)) {
      throw new RangeError(`expected --seconds as a number of at least 1, found "${values.seconds}"`);
    }
    return {
      peers: values.peers === undefined ? PEERS : values.peers.split(",").map(peerNamed),
      commands: values.commands.split(",").map(commandNamed),
      seconds,
      suites: values.suites.split(",").filter((name) => name !== ""),
    };
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return 2;
  }
}

function commandNamed(name: string): CommandName {
  const found = COMMANDS.find((command) => command === name);
  if (found) return found;
  throw new RangeError(`expected --commands as ${COMMANDS.join(" or ")}, found "${name}"`);
}
