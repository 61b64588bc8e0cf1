/// <reference lib="deno.worker" />
/** The thread that processes inputs: it can be terminated when an input hangs it, or uses too much memory. */
import { UsageError } from "../../../lib/catalog/usage_error.ts";
import { main } from "../../../lib/cli/program.ts";
import { feedProfile } from "./feed/loads.ts";
import { feedExpectations, feedPoints, feedProof } from "./feed/records.ts";
import { feedJournal, feedResult, feedSecret, feedShards } from "./feed/runs.ts";
import { feedDialect, feedOpenings, feedSuite, feedUncovered, readShipped } from "./feed/suites.ts";
import { feedTarget } from "./feed/targets.ts";
import { type Outcome, outcomeOf, outcomeOfCommand } from "./outcome.ts";
import type { Kind } from "./sample.ts";

/** A request to the thread: to read a file, or a command line. */
export interface Feeding {
  readonly kind: Kind;
  readonly path: string;
  readonly args: readonly string[];
}

const FEEDS: Readonly<Record<Exclude<Kind, "args">, (path: string) => Promise<void>>> = {
  suite: feedSuite,
  openings: feedOpenings,
  target: feedTarget,
  profile: feedProfile,
  dialect: feedDialect,
  expectations: feedExpectations,
  proof: feedProof,
  points: feedPoints,
  uncovered: feedUncovered,
  journal: feedJournal,
  shards: feedShards,
  result: feedResult,
  secret: feedSecret,
};

/** The kinds of files that `lint` reads without all suites. */
const LINTED: ReadonlySet<Kind> = new Set(["suite", "openings", "target", "profile", "dialect"]);

async function fed({ kind, path, args }: Feeding): Promise<Outcome> {
  if (kind === "args") return outcomeOfCommand(await called(args));
  if (LINTED.has(kind)) {
    const { status, err } = await called(["lint", path]);
    const outcome = status === 2
      ? outcomeOf(new UsageError(err))
      : outcomeOfCommand({ status, err, out: "" });
    if (outcome.kind !== "accepted") return outcome;
  }
  try {
    await FEEDS[kind](path);
    return { kind: "accepted" };
  } catch (error) {
    switch (kind) {
      // A file with a secret is valid or invalid as a whole.
      case "secret":
        return outcomeOf(error, new RegExp(RegExp.escape(path)));
      // The error that these are not shards of one load names the files and the difference.
      case "shards":
        return outcomeOf(error, /^These are not the shards of one load:\n|-->.*:\d+:\d+$/m);
      default:
        return outcomeOf(error);
    }
  }
}

async function called(args: readonly string[]): Promise<{ status: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const status = await main(args, {
    live: false,
    columns: 100,
    draw: () => {},
    print: (line) => void out.push(line),
    complain: (line) => void err.push(line),
    paint: (_, text) => text,
  });
  return { status, out: out.join("\n"), err: err.join("\n") };
}

self.onmessage = async ({ data }: MessageEvent<Feeding>) => self.postMessage(await fed(data));
// Read the shipped files before the first input, whose time is measured.
readShipped().then(() => self.postMessage("ready"));
