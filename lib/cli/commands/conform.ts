import { Option } from "@commander-js/extra-typings";
import { FORMAT_NAMES } from "../../../reports/format_name.ts";
import type { CasePlan, PlannedCase } from "../../conform/plan.ts";
import { PROTOCOL_VERSIONS } from "../../mqtt/packet.ts";
import { LEVELS } from "../../ground/level.ts";
import type { Value } from "../../spec/value.ts";
import { EXIT_HELP } from "../exit_help.ts";
import { Command } from "./command.ts";
import { environment } from "../../catalog/environment.ts";
import { readKnown, writeKnown } from "../../catalog/expectations.ts";
import { ACCESS, userName, withAccess } from "../access_options.ts";
import { Mask } from "../record/mask.ts";
import { Interrupt } from "../interrupt.ts";
import {
  assignment,
  brokerLane,
  collect,
  commandWords,
  duration,
  formats,
  protocolVersions,
  wholeNumber,
} from "../options.ts";
import { tellOtherDialects, tellUnfit } from "../unfit_suites.ts";
import { Recording } from "../record/recording.ts";
import { dialectsOf } from "../../catalog/dialects.ts";
import { namedSuites } from "../../catalog/named_suites.ts";
import { refuseUndeclared } from "../../catalog/values.ts";
import {
  ALLOW_START,
  DEFAULT_TARGETS,
  maskedCommand,
  progressing,
  runFolder,
  withOptions,
} from "./run_parts.ts";
import { failedOf } from "./rerun.ts";
import { sourceHashes } from "../record/source_hashes.ts";
import { readUncovered } from "../../catalog/uncovered.ts";
import { findTargets, type NamedTarget } from "../../catalog/targets.ts";
import type { Screen } from "../terminal/screen.ts";
import { printSummary } from "../terminal/summary.ts";
import { VERSION } from "../../catalog/version.ts";

/** Makes the command `conform`, which passes its exit status to `exit`. */
export function conformCommand(screen: Screen, exit: (status: number) => void) {
  return new Command("conform")
    .argument(
      "[suites...]",
      "names or globs of suites (mqtt/qos2, 'at/*'), or suite files or folders; default: all that fit the target",
    )
    .option(
      "--target <target>",
      "a name in suites/targets, a file, or an address (mqtt://host:port, serial:/dev/ttyUSB0?baud=115200, tcp-serial://host:port); repeatable",
      collect,
    )
    .option(
      "--protocol <version>",
      `only this protocol version: ${PROTOCOL_VERSIONS.join(", ")}, or 3, 4, 5 for these; repeatable`,
      protocolVersions,
    )
    .option("--filter <expression>", "cases whose id, clause or tag matches; ! negates; repeatable", collect)
    .addOption(new Option("--level <level>", "the weakest level to run").choices(LEVELS))
    .option("--set <name=value>", "a value of the target; repeatable", assignment)
    .option(
      "--broker-at <host[:port]>",
      "the address at which a module reaches this machine, where attest plays its broker; default 127.0.0.1 and a new port for each case",
      brokerLane,
    )
    .option(
      "--line-back <duration>",
      "how long to wait for a serial line that dropped; default 4s",
      duration,
    )
    .option(
      "--reset-command <command>",
      "a program and its arguments, separated by spaces, that resets a module if its own commands can't; allow it with --allow-run",
      commandWords,
    )
    .option(
      "--restart-command <command>",
      "a program and its arguments that restarts a broker if attest did not start it; allow it with --allow-run",
      commandWords,
    )
    .option(...ACCESS.user, userName)
    .option(...ACCESS.passwordFile)
    .option(...ACCESS.ca)
    .option(...ACCESS.insecure)
    .option("--allow-start <program>", ALLOW_START, collect)
    .option(
      "--core",
      "run only the most informative cases, at most 200 on a broker and 120 on a module: each clause once, and the faults in the recorded proofs",
    )
    .option(
      "--announce",
      "clients of 5.0 announce Receive Maximum 3 and Topic Alias Maximum 5 in each CONNECT that does not set them; only cases of 5.0 run",
    )
    .option("--fail-fast", "end the run at the first case that does not pass and is not a known deviation")
    .option("--dry-run", "print what would run and what would be skipped, but run nothing")
    .option(
      "--rerun-failed <run>",
      "run only the cases that ended as fail, error, inconclusive or unexpected pass in an earlier run, which is given by its folder, journal.ndjson or result.json; uses its targets unless --target is given",
    )
    .option("--jobs <n>", "how many cases run at once", wholeNumber(1, 256))
    .option("--repeat <n>", "run all cases this many times, in an order shuffled by the seed", wholeNumber(1))
    .option("--for <duration>", "repeat all cases for this long (90s, 10m, 2h)", duration)
    .option("--out <folder>", "folder for the journal and the reports; default results/<time>-conform")
    .option(
      "--format <formats>",
      `reports, separated by commas: ${FORMAT_NAMES.join(", ")}`,
      formats,
      formats("html,junit,json"),
    )
    .option("--expect <file>", "the file of known deviations, instead of the target's own")
    .option("--no-expect", "accept no deviation as known")
    .option("--update-expect", "write the deviations of this run to the expectation file; reasons are kept")
    .option("--operator <text>", "who runs the tests, for the report")
    .option("--customer <text>", "for whom the tests are run, for the report")
    .option(
      "--mask",
      "write serial numbers, client ids, user names, passwords and host names as asterisks, in the journal and all reports",
    )
    .option("--seed <n>", "the seed of every random choice", wholeNumber(0, 0xffff_ffff))
    .addHelpText("after", EXIT_HELP)
    .action(async (names, options) => {
      const again = options.rerunFailed === undefined
        ? undefined
        : await failedOf(screen, options.rerunFailed, names, options);
      if (options.rerunFailed !== undefined && !again) return exit(0);
      const found = again?.targets ??
        await findTargets(options.target ?? DEFAULT_TARGETS, options.allowStart);
      const targets = withAccess(found, options).map((one) =>
        withOptions(one, {
          broker: options.brokerAt,
          backMs: options.lineBack,
          restartCommand: options.restartCommand,
        })
      );
      const { suites, patterns, known } = again?.suites ?? await namedSuites(names);
      if (names.length > 0 || again) tellUnfit(screen, suites, patterns, targets);
      await refuseUndeclared(options.set, targets, suites, known);
      const deviations = await readKnown(
        targets,
        options,
        (id) => known.mayHave(id),
        (id) => known.hintFor(id),
      );
      const expectations = deviations.byTarget;
      const selection = {
        patterns,
        filters: options.filter ?? [],
        protocols: options.protocol,
        level: options.level,
      };
      const dialects = await dialectsOf(targets);
      if (names.length > 0 || again) tellOtherDialects(screen, suites, patterns, targets);
      const accounts = await readUncovered();
      // Load the engine only for a correct command line.
      const [{ conform }, { plan }] = await Promise.all([
        import("../../conform/conform.ts"),
        import("../../conform/plan.ts"),
      ]);
      const all = {
        suites,
        selection,
        only: again?.only,
        expectations,
        findings: deviations.findings,
        values: options.set,
        dialects,
        announces: options.announce,
      };
      const plannedOf = (cases: CasePlan) => targets.map(({ file }) => plan(file, cases));
      const cases = options.core
        ? { ...all, only: await (await import("../core.ts")).coreOnly(targets, plannedOf(all)) }
        : all;
      const planned = plannedOf(cases);
      if (options.dryRun) {
        const { printDryRun } = await import("./dry_run.ts");
        const own = targets.map((target, at) => ({ target, cases: planned[at] ?? [] }));
        return printDryRun(screen, own, { repeat: options.repeat, forMs: options.for });
      }
      const ran = new Set(planned.flat().map((one) => one.case.suite));
      const sources = await sourceHashes(
        suites.filter(({ name }) => ran.has(name)),
        targets,
        deviations.files.values(),
      );
      const seed = options.seed ?? again?.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
      const folder = options.out ?? runFolder("conform");

      const mask = options.mask ? maskOf(planned.flat(), targets, options.set) : undefined;

      using interrupt = new Interrupt();
      using recording = await Recording.begin(folder);
      const status = await progressing(screen, (see) =>
        conform({
          targets: targets.map(({ file }) => file),
          plan: cases,
          record: {
            version: VERSION,
            command: maskedCommand(),
            environment: environment(),
            sources,
            operator: options.operator,
            customer: options.customer,
            masked: mask !== undefined,
            accounts,
          },
          seed,
          emit: (event) => {
            const shown = mask?.event(event) ?? event;
            recording.emit(shown);
            see(shown);
          },
          signal: interrupt.signal,
          jobs: options.jobs,
          failFast: options.failFast,
          repeat: options.repeat,
          forMs: options.for,
          resetCommand: options.resetCommand,
        }));
      const result = recording.result();
      printSummary(screen, result, await recording.report(result, options.format));
      if (options.updateExpect) {
        (await writeKnown(deviations, result.cases)).forEach((line) => screen.print(line));
      }
      exit(status);
    });
}

/** The mask of a run. The lines of its cases are public. */
function maskOf(
  planned: readonly PlannedCase[],
  targets: readonly NamedTarget[],
  given: ReadonlyMap<string, Value> | undefined,
): Mask {
  const sources = new Set(planned.flatMap((one) => one.case.steps.map(({ source }) => source)));
  const mask = new Mask([...sources].join("\n"));
  mask.addTargets(targets, given);
  return mask;
}
