import { environment } from "../../catalog/environment.ts";
import { UsageError } from "../../catalog/usage_error.ts";
import { VERSION } from "../../catalog/version.ts";
import { FORMAT_NAMES, type FormatName } from "../../../reports/format_name.ts";
import { messageOf } from "../../ground/error_message.ts";
import { escaped } from "../../ground/text.ts";
import { readJournal } from "../../run/journal.ts";
import { maskedCommand, runFolder } from "../commands/run_parts.ts";
import type { Screen } from "../terminal/screen.ts";
import { readRunFile } from "./journal_file.ts";
import { hostsOf, Mask } from "./mask.ts";
import { Recording, writeReports } from "./recording.ts";

/** A command line that was refused, or a run that stopped early. */
export interface RefusedRun {
  readonly args: readonly string[];
  /** The exit status, 2 or 3. */
  readonly status: number;
  /** The message that the user saw. */
  readonly reason: string;
  /** The start of the command, in ms since 1970. */
  readonly begunMs: number;
}

/** The commands that write reports of a run. */
const RUNS = ["conform", "load", "prove"] as const;
const DEFAULT_FORMATS: readonly FormatName[] = ["html", "junit", "json"];
/** The most of a journal that is read for its first line, in bytes. */
const FIRST_LINE = 64 * 1024;

/**
 * Writes the reports of a run that did not start, if the command line has `--out` or `--format`. So nobody mistakes the reports
 * of an earlier run, or missing reports, for success. For a run that stopped early it writes the contents of the journal.
 */
export async function reportRefused(refused: RefusedRun, screen: Screen): Promise<void> {
  const { args, status, reason, begunMs } = refused;
  const what = RUNS.find((one) => one === args.find((word) => !word.startsWith("-")));
  const [out, named] = [valueOf(args, "--out"), valueOf(args, "--format")];
  const formats = formatsIn(named);
  // An unknown format requests no report.
  if (what === undefined || asksForHelp(args) || (out === undefined && formats.length === 0)) return;
  const folder = out ?? runFolder(what);
  const wanted = formats.length > 0 ? formats : DEFAULT_FORMATS;
  try {
    if (await startedSince(`${folder}/journal.ndjson`, begunMs)) {
      const run = await readRunFile(`${folder}/journal.ndjson`);
      // A completed run already has its reports.
      if (!run || run.result.complete) return;
      await writeReports(folder, { ...run.result, exit: status, reason }, wanted);
      return;
    }
    using recording = await Recording.begin(folder);
    const mask = maskOf(args);
    recording.emit({
      kind: "run-started",
      format: 1,
      attest: VERSION,
      what,
      seed: Number(valueOf(args, "--seed")) || 0,
      startedAt: new Date(begunMs).toISOString(),
      command: maskedCommand(args).map((word) => mask.text(word)),
      environment: environment(),
      planned: 0,
      masked: args.includes("--mask") || undefined,
    });
    recording.emit({ kind: "run-ended", t: 0, interrupted: false, exit: status, reason: mask.text(reason) });
    await recording.report(recording.result(), wanted);
    // A user who named the folder knows where to look.
    if (out === undefined) screen.complain(`The reports with this reason are in ${folder}`);
  } catch (error) {
    // The command line was already refused, so report the failed write in addition to the reason.
    const message = error instanceof UsageError
      ? error.message
      : `The results can't be written to "${folder}": ${messageOf(error)}`;
    if (message !== reason) screen.complain(escaped(message));
  }
}

/** The value of an option, as `--out folder` or `--out=folder`; the last one counts. */
function valueOf(args: readonly string[], flag: string): string | undefined {
  return args.flatMap((word, index) => {
    if (word.startsWith(`${flag}=`)) return [word.slice(flag.length + 1)];
    const next = args[index + 1];
    return word === flag && next !== undefined && !next.startsWith("--") ? [next] : [];
  }).findLast((value) => value !== "");
}

function asksForHelp(args: readonly string[]): boolean {
  return args.includes("--help") || args.includes("-h");
}

/** The named formats, without unknown ones. */
function formatsIn(named: string | undefined): readonly FormatName[] {
  const words = named?.split(",").map((word) => word.trim()) ?? [];
  return FORMAT_NAMES.filter((name) => words.includes(name));
}

/** With `--mask`, hides the hosts of targets given by address; a target file may not have been read. */
function maskOf(args: readonly string[]): { readonly text: (text: string) => string } {
  if (!args.includes("--mask")) return { text: (text) => text };
  const mask = new Mask("");
  for (const word of args) for (const host of hostsOf(word.replace(/^--target=/, ""))) mask.add(host);
  return { text: (text) => mask.text(text) };
}

/** Whether a journal begins with a run that started after this moment. */
async function startedSince(path: string, begunMs: number): Promise<boolean> {
  const bytes = new Uint8Array(FIRST_LINE);
  let size: number | null = null;
  try {
    using file = await Deno.open(path);
    size = await file.read(bytes);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) throw error;
  }
  const [line = ""] = new TextDecoder().decode(bytes.subarray(0, size ?? 0)).split("\n", 1);
  const [first] = readJournal(`${line}\n`).events;
  return first?.kind === "run-started" && Date.parse(first.startedAt) >= begunMs;
}
