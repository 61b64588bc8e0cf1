import { DEFECTS as BROKER_DEFECTS } from "../../broker/defects.ts";
import type { Defect } from "../../conform/prove/proof_bench.ts";
import type { ProofRecord } from "../../conform/prove/proof_record.ts";
import { CLIENT_DEFECTS } from "../../client/virtual/defects.ts";
import { DEFECTS as MODULE_DEFECTS } from "../../module/defects.ts";
import type { ModuleBehaviour } from "../../module/behaviour.ts";
import { type RunResult, unprovenCases } from "../../run/result.ts";
import type { Suite } from "../../suite/file/model.ts";
import { Option } from "@commander-js/extra-typings";
import { EXIT_HELP } from "../exit_help.ts";
import { Command } from "./command.ts";
import { environment } from "../../catalog/environment.ts";
import { Interrupt } from "../interrupt.ts";
import { collect, formats, wholeNumber } from "../options.ts";
import { PROOFS, readProofs, writeProof } from "../../catalog/proofs.ts";
import { Recording } from "../record/recording.ts";
import { dialectsOf } from "../../catalog/dialects.ts";
import { DEFAULT_TARGETS, maskedCommand, progressing, runFolder } from "./run_parts.ts";
import { Suites } from "../../catalog/suites.ts";
import { findTarget } from "../../catalog/targets.ts";
import type { Screen } from "../terminal/screen.ts";
import type { TargetFile } from "../../target/target_file.ts";
import { suggest } from "../../ground/nearest.ts";
import { UsageError } from "../../catalog/usage_error.ts";
import { VERSION } from "../../catalog/version.ts";
import { pathToFileURL } from "node:url";

/**
 * Targets for the cases that the default targets skip because they do not claim the feature, lack the operation, or can't
 * show what the case tests.
 */
/** The embedded client, on which its cases are proved whatever other targets have shown. */
const CLIENTS = ["virtual-client"];
const STAND_INS = ["reference-limited", "reference-talkative", "reference-secured", "ec616s", "qmt"];

/**
 * Targets of other command sets, whose cases are proved on the default targets; by the command set of their own
 * defects.
 */
const SAMPLED: Readonly<Record<string, ModuleBehaviour["commands"]>> = { simcom: "CMQTT", esp: "MQTT" };

/** Makes the command `prove`, which passes its exit status to `exit`. */
export function proveCommand(screen: Screen, exit: (status: number) => void) {
  return new Command("prove")
    .argument("[suites...]", "names or globs of suites; default: all")
    .option("--defect <id>", "only this defect; repeatable", collect)
    .option("--filter <expression>", "cases whose id, clause or tag matches; ! negates; repeatable", collect)
    .option(
      "--all",
      "run each case against each defect, for the complete table of which case notices which defect; takes minutes",
    )
    .addOption(
      new Option(
        "--recorded",
        "run only the recorded pairs of a defect and a case in proofs/; check that each still holds and that none is missing; " +
          "with --quirks: for each quirk only the cases that it affects, each in one protocol",
      ).conflicts(["all", "defect", "update"]),
    )
    .addOption(
      new Option(
        "--update",
        "run the recorded pairs, search for missing pairs, and write the result to proofs/; with --quirks: record which decisions of the implementations each case depends on",
      ).conflicts(["all", "defect"]),
    )
    .addOption(
      new Option(
        "--quirks",
        "run the cases on unusual but conforming implementations, one quirk at a time and in dozens: none may fail",
      ).conflicts(["all", "defect"]),
    )
    .option("--quirk <id>", "with --quirks, only this one; repeatable", collect)
    .option(
      "--dozens <n>",
      "with --quirks, how many sets of twelve quirks the seed chooses",
      wholeNumber(0, 1000),
      6,
    )
    .option("--proofs <folder>", "the folder of the records; default proofs")
    .option("--jobs <n>", "how many cases run at once on each implementation", wholeNumber(1, 256))
    .option("--out <folder>", "folder for the journal and the reports; default results/<time>-prove")
    .option("--format <formats>", "reports, separated by commas", formats, formats("html,junit,json"))
    .option("--seed <n>", "the seed of every random choice", wholeNumber(0, 0xffff_ffff))
    .addHelpText("after", EXIT_HELP)
    .action(async (patterns, options) => {
      const known = await Suites.find();
      const proofs = options.proofs === undefined ? PROOFS : pathToFileURL(`${options.proofs}/`);
      if (options.quirks || options.quirk) {
        const { proveByQuirks, recordPoints } = await import("./prove_quirks.ts");
        if (options.update) {
          const whole = patterns.length === 0 && options.filter === undefined && options.quirk === undefined;
          if (!whole) {
            throw new UsageError(
              "With --quirks, --update records all cases; leave out suites, filters and quirks",
            );
          }
          return exit(await recordPoints(screen, known, proofs, options.seed));
        }
        return exit(await proveByQuirks(screen, patterns, proofs, options));
      }
      const found = await Promise.all(
        [...DEFAULT_TARGETS, ...STAND_INS, ...CLIENTS, ...Object.keys(SAMPLED)].map((name) =>
          findTarget(name)
        ),
      );
      const defects = defectsOf(options.defect, found.map(({ file }) => file));
      const file = patterns.find((pattern) => /\.ya?ml$/.test(pattern));
      if (file !== undefined) {
        throw new UsageError(
          `"${file}" is a file; without --quirks, prove takes the names of suites that ship, such as mqtt/qos2`,
        );
      }
      const named = await known.matching(patterns);
      const targets = found.filter(({ file }) => defects.has(file.name));
      const dialects = await dialectsOf(targets);
      const names = targets.map(({ file }) => file.name);
      const records = options.recorded || options.update ? await readProofs(proofs, names) : undefined;
      // A recorded case may be in any suite.
      const suites = records ? await known.all() : named;
      const { prove } = await import("../../conform/prove/prove.ts");
      const updated = new Map<string, ProofRecord>();

      using interrupt = new Interrupt();
      using recording = await Recording.begin(options.out ?? runFolder("prove"));
      const status = await progressing(screen, (see) =>
        prove({
          targets: targets.map(({ file }) => file),
          plan: { suites, selection: { patterns, filters: options.filter ?? [] }, dialects },
          record: { version: VERSION, command: maskedCommand(), environment: environment() },
          defects,
          all: options.all ?? false,
          records,
          searching: !options.recorded,
          partial: patterns.length > 0 || options.filter !== undefined,
          standIns: new Set(STAND_INS),
          sampled: new Set(Object.keys(SAMPLED)),
          onRecord: options.update && ((target, record) => updated.set(target, record)),
          seed: options.seed ?? 1,
          emit: (event) => {
            recording.emit(event);
            see(event);
          },
          signal: interrupt.signal,
          jobs: options.jobs,
        }));
      const result = recording.result();
      printProof(screen, result, suites);
      if (options.recorded && status === 1) {
        screen.print(
          `${
            result.reason ?? "A defect is noticed by no case"
          }\n"deno task prove --update" updates the record`,
        );
      }
      if (options.update) {
        for (const [target, record] of updated) screen.print(`  ${await writeProof(proofs, target, record)}`);
      }
      for (const path of await recording.report(result, options.format)) {
        screen.print(`  ${screen.paint("faint", path)}`);
      }
      exit(status);
    });
}

/** The defects that the implementation of a target can have and that can show on it. */
function defectsOn({ name, start }: TargetFile): readonly Defect[] {
  if (start?.kind === "reference-broker") {
    return BROKER_DEFECTS.filter(({ beside = [] }) => beside.every((quirk) => start.quirks?.includes(quirk)));
  }
  if (start?.kind === "virtual-client") return CLIENT_DEFECTS;
  const sampled = SAMPLED[name];
  if (sampled !== undefined) return MODULE_DEFECTS.filter(({ commands }) => commands === sampled);
  const commands = name === "qmt" ? "QMT" : "ECMT";
  return MODULE_DEFECTS.filter((defect) => (defect.commands ?? commands) === commands);
}

function defectsOf(
  ids: readonly string[] | undefined,
  targets: readonly TargetFile[],
): ReadonlyMap<string, readonly Defect[]> {
  const all = new Map(targets.map((target) => [target.name, defectsOn(target)]));
  if (!ids) return all;
  const known = [...all.values()].flat().map(({ id }) => id);
  for (const id of ids) {
    if (!known.includes(id)) {
      throw new UsageError(
        `Unknown defect "${id}"; ${
          suggest(id, known) ?? '"deno task broker --defects" and "deno task module --defects" list them'
        }`,
      );
    }
  }
  const chosen = [...all].map(([target, defects]) =>
    [target, defects.filter(({ id }) => ids.includes(id))] as const
  );
  return new Map(chosen.filter(([, defects]) => defects.length > 0));
}

function printProof(screen: Screen, result: RunResult, suites: readonly Suite[]): void {
  const unprovable = new Map(
    suites.flatMap((suite) => suite.cases.map((one) => [one.id, one.unprovable] as const)),
  );
  const run = [...new Set(result.cases.filter((one) => one.standing !== "skip").map((one) => one.id))];
  const notPassed = result.cases.filter((one) => one.standing !== "skip" && one.standing !== "pass");
  const width = Math.max(0, ...result.defects.map(({ defect }) => defect.length));
  screen.print("");
  for (const { defect, noticedBy } of [...result.defects].sort((a, b) => a.defect < b.defect ? -1 : 1)) {
    const many = `${noticedBy.length} ${noticedBy.length === 1 ? "case" : "cases"}`;
    const by = noticedBy.length === 0
      ? screen.paint("bad", "noticed by no case")
      : `${many.padEnd(10)} ${noticedBy[0]}`;
    screen.print(`${defect.padEnd(width)}  ${by}`);
  }
  const open = unprovenCases(result);
  const excused = open.filter((id) => unprovable.get(id) !== undefined);
  if (open.length > 0) screen.print("\nCases that no defect breaks:");
  for (const id of open) {
    screen.print(`  ${id}  ${unprovable.get(id) ?? screen.paint("bad", "no reason given")}`);
  }
  const unnoticed = result.defects.filter((defect) => defect.noticedBy.length === 0);
  if (unnoticed.length > 0) screen.print("\nDefects that no case notices:");
  for (const { defect, description } of unnoticed) screen.print(`  ${defect}  ${description}`);
  screen.print(
    `\n${result.defects.length} defects, ${unnoticed.length} unnoticed; ${run.length} cases, ${open.length} broken by none ` +
      `(${(open.length / Math.max(1, run.length) * 100).toFixed(1)} %, ${excused.length} with a reason); ` +
      `${notPassed.length} did not pass without a defect; ${(result.durationMs / 1000).toFixed(1)} s`,
  );
}
