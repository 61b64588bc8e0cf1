import { Option } from "@commander-js/extra-typings";
import { FORMAT_NAMES } from "../../reports/mod.ts";
import { conform, plan } from "../conform/conform.ts";
import { PROTOCOL_VERSIONS } from "../mqtt/packet.ts";
import { LEVELS } from "../spec/level.ts";
import type { Suite } from "../suite/model.ts";
import { type Expectation, formatExpectations } from "../target/expectation_file.ts";
import { Command } from "./command.ts";
import { environment } from "./environment.ts";
import { Interrupt } from "./interrupt.ts";
import { assignment, collect, duration, formats, wholeNumber } from "./options.ts";
import { Recording, writeWhole } from "./recording.ts";
import {
  DEFAULT_TARGETS,
  dialectFrom,
  dialectsOf,
  maskedCommand,
  progressing,
  refuseUnmatched,
  runFolder,
} from "./run_parts.ts";
import { readSuites, refuseProblems } from "./suite_files.ts";
import { findTarget, type NamedTarget, readExpectations } from "./target_files.ts";
import type { Screen } from "./terminal/screen.ts";
import { printSummary } from "./terminal/summary.ts";
import { updatedExpectations } from "./update_expectations.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";
import { pathToFileURL } from "node:url";

/** `attest conform`. `exit` takes the exit status. */
export function conformCommand(screen: Screen, exit: (status: number) => void) {
  return new Command("conform")
    .description("Run suites on targets and judge each case: pass, fail, inconclusive, skip or error.")
    .argument(
      "[suites...]",
      "names or globs of suites (mqtt/qos2, 'at/*'), or suite files; default: all that fit the target",
    )
    .option(
      "--target <target>",
      "a name in suites/targets, a file, or an address (mqtt://host:port, serial:/dev/ttyUSB0?baud=115200, tcp-serial://host:port); repeatable",
      collect,
    )
    .addOption(
      new Option("--protocol <version>", "only this protocol version; repeatable").choices(PROTOCOL_VERSIONS)
        .argParser(collect),
    )
    .option("--filter <expression>", "cases whose id, clause or tag matches; ! negates; repeatable", collect)
    .addOption(new Option("--level <level>", "the weakest level that is run").choices(LEVELS))
    .option("--set <name=value>", "a value of the target; repeatable", assignment)
    .option("--jobs <n>", "cases at once", wholeNumber(1, 256))
    .option("--repeat <n>", "run everything so many times, in an order shuffled by the seed", wholeNumber(1))
    .option("--for <duration>", "run everything again until so much time has passed (90s, 10m, 2h)", duration)
    .option("--out <folder>", "where the journal and the reports go; default results/<time>-conform")
    .option(
      "--format <formats>",
      `reports, separated by commas: ${FORMAT_NAMES.join(", ")}`,
      formats,
      formats("html,junit,json"),
    )
    .option("--expect <file>", "known deviations, instead of the target's own file")
    .option("--no-expect", "take no deviation as known")
    .option("--update-expect", "write the deviations of this run into the expectation file; reasons are kept")
    .option("--seed <n>", "every random choice follows from it", wholeNumber(0, 0xffff_ffff))
    .action(async (patterns, options) => {
      const files = patterns.filter((pattern) => /\.ya?ml$/.test(pattern));
      const read = await readSuites(files);
      refuseProblems(read);
      const suites = read.suites;
      const wanted = [
        ...patterns.filter((pattern) => !files.includes(pattern)),
        ...suites.slice(suites.length - files.length).map((suite) => suite.name),
      ];
      refuseUnmatched(suites, wanted);
      const targets = await Promise.all((options.target ?? DEFAULT_TARGETS).map(findTarget));
      const expectations = await expectationsOf(targets, options, suites);
      const selection = {
        patterns: wanted,
        filters: options.filter ?? [],
        ...(options.protocol ? { protocols: options.protocol } : {}),
        ...(options.level ? { level: options.level } : {}),
      };
      const planned = targets.map(({ file }) => plan(file, { suites, selection, expectations }));
      if (planned.every((cases) => cases.length === 0)) {
        throw new UsageError(
          "No case is left to run: the suites, the filters and the targets have none in common",
        );
      }
      const dialects = await dialectsOf(targets);
      const seed = options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
      const folder = options.out ?? runFolder("conform");

      using interrupt = new Interrupt();
      using recording = await Recording.begin(folder);
      const status = await progressing(screen, (see) =>
        conform({
          suites,
          targets: targets.map(({ file }) => file),
          selection,
          seed,
          expectations,
          dialect: dialectFrom(dialects),
          version: VERSION,
          command: maskedCommand(),
          environment: environment(),
          emit: (event) => {
            recording.emit(event);
            see(event);
          },
          signal: interrupt.signal,
          ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
          ...(options.repeat === undefined ? {} : { repeat: options.repeat }),
          ...(options.for === undefined ? {} : { forMs: options.for }),
          ...(options.set === undefined ? {} : { values: options.set }),
        }));
      const result = recording.result();
      printSummary(screen, result, await recording.report(result, options.format));
      if (options.updateExpect) {
        await updateExpectations(screen, targets, options.expect, expectations, result);
      }
      exit(status);
    });
}

type Expecting = { readonly expect?: string | boolean; readonly updateExpect?: true };

async function expectationsOf(
  targets: readonly NamedTarget[],
  options: Expecting,
  suites: readonly Suite[],
): Promise<ReadonlyMap<string, readonly Expectation[]>> {
  const all = new Map<string, readonly Expectation[]>();
  if (options.expect === false) return all;
  const ids = new Set(suites.flatMap((suite) => suite.cases.map((one) => one.id)));
  for (const target of targets) {
    const url = expectationFile(target, options.expect);
    if (!url) continue;
    const absent = options.updateExpect && !await exists(url);
    if (!absent) all.set(target.file.name, await readExpectations(url, (id) => ids.has(id)));
  }
  return all;
}

function expectationFile(target: NamedTarget, given: string | boolean | undefined): URL | undefined {
  if (typeof given === "string") return pathToFileURL(given);
  return target.url && target.file.expectations ? new URL(target.file.expectations, target.url) : undefined;
}

async function exists(url: URL): Promise<boolean> {
  return await Deno.stat(url).then(() => true, () => false);
}

async function updateExpectations(
  screen: Screen,
  targets: readonly NamedTarget[],
  given: string | boolean | undefined,
  before: ReadonlyMap<string, readonly Expectation[]>,
  result: ReturnType<Recording["result"]>,
): Promise<void> {
  for (const target of targets) {
    const url = expectationFile(target, given);
    if (!url) {
      screen.complain(
        `The target "${target.file.name}" has no expectation file; name one with --expect FILE`,
      );
      continue;
    }
    const ofTarget = result.cases.filter((one) => one.target === target.file.name);
    const updated = updatedExpectations(before.get(target.file.name) ?? [], ofTarget);
    await writeWhole(decodeURIComponent(url.pathname), formatExpectations(target.file.name, updated));
    screen.print(`${updated.length} deviations written to ${decodeURIComponent(url.pathname)}`);
  }
}
