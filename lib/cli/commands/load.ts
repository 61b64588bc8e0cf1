import { Option } from "@commander-js/extra-typings";
import { FORMAT_NAMES } from "../../../reports/format_name.ts";
import type { load } from "../../load/run/load.ts";
import { defined } from "../../ground/defined.ts";
import { ACCESS, userName, withAccess } from "../access_options.ts";
import { EXIT_HELP } from "../exit_help.ts";
import { Command } from "./command.ts";
import { environment } from "../../catalog/environment.ts";
import { Interrupt } from "../interrupt.ts";
import {
  addresses,
  collect,
  duration,
  formats,
  hostAndPort,
  moment,
  setting,
  shard,
  wholeNumber,
} from "../options.ts";
import { findProfile } from "../../catalog/profiles.ts";
import { Recording } from "../record/recording.ts";
import { dialectsOf } from "../../catalog/dialects.ts";
import { ALLOW_START, maskedCommand, runFolder } from "./run_parts.ts";
import { shardOfVariables } from "../shard_variables.ts";
import type { RunResult } from "../../run/result.ts";
import { findTargets, type NamedTarget } from "../../catalog/targets.ts";
import type { MetricsAddress, PrometheusEndpoint } from "../record/prometheus.ts";
import { loadTelemetry } from "../record/telemetry.ts";
import { LoadView } from "../terminal/load_view.ts";
import { printLoadSummary } from "../terminal/load_summary.ts";
import type { Screen } from "../terminal/screen.ts";
import { UsageError } from "../../catalog/usage_error.ts";
import { VERSION } from "../../catalog/version.ts";

/** Makes the command `load`, which passes its exit status to `exit`. */
export function loadCommand(screen: Screen, exit: (status: number) => void) {
  return new Command("load")
    .argument("<profile>", "a name in suites/load, or a file")
    .option(
      "--target <target>",
      "a name in suites/targets, a file, or an address (mqtt://host:port); repeatable: clients are spread over them in turn; default reference, in a process of its own, or virtual-module for a profile that drives a module",
      collect,
    )
    .option(...ACCESS.user, userName)
    .option(...ACCESS.passwordFile)
    .option(...ACCESS.ca)
    .option(...ACCESS.insecure)
    .option("--set <name=value>", "a value that the profile declares; repeatable", setting)
    .option("--allow-start <program>", ALLOW_START, collect)
    .option("--workers <n>", "threads that run clients; default one for each core", wholeNumber(1, 256))
    .option(
      "--from <addresses>",
      "addresses of this machine to connect from, in turn, separated by commas",
      addresses,
    )
    .option("--shard <i/n>", "run only the i-th of n shares of the clients", shard)
    .addOption(
      new Option("--start-at <time>", "when the stages begin: RFC 3339, such as 2026-01-31T12:00:00Z")
        .argParser(moment),
    )
    .option(
      "--repeat <n>",
      "run the load this many times, each in its own folder, and print medians and spread",
      wholeNumber(1, 100),
    )
    .addOption(
      new Option("--for <duration>", "how long the last stage lasts: 90s, 2h").argParser(duration),
    )
    .option("--out <folder>", "folder for the journal and the reports; default results/<time>-load")
    .option(
      "--format <formats>",
      `reports, separated by commas: ${FORMAT_NAMES.join(", ")}`,
      formats,
      formats("html,junit,json"),
    )
    .option(
      "--metrics <host:port>",
      "serve the metrics of the running load at http://HOST:PORT/metrics for Prometheus, such as 127.0.0.1:9464",
      hostAndPort,
    )
    .option("--seed <n>", "the seed of every random choice, including $run", wholeNumber(0, 0xffff_ffff))
    .addHelpText("after", EXIT_HELP)
    .action(async (name, options) => {
      const profile = await findProfile(name, options.set ?? new Map(), options.for);
      const workers = options.workers ?? navigator.hardwareConcurrency;
      // The threads load their program while targets are found and reached; with --repeat each run starts its own.
      const early = !profile.module && (options.repeat ?? 1) === 1;
      using threads = early ? new (await threadsOf()).WorkerThreads(workers) : undefined;
      const found = await findTargets(
        options.target ?? [profile.module ? "virtual-module" : "reference"],
        options.allowStart,
      );
      const named = withAccess(found, options);
      const targets = named.map(({ file }) => file);
      const module = targets.find(({ tests }) => tests === "module");
      if (module && !profile.module) {
        throw new UsageError(
          `The target "${module.name}" is a module; the profile "${profile.name}" needs a broker, such as --target mosquitto, ` +
            "or use a profile for modules, such as module-soak",
        );
      }
      const seed = options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
      if (options.startAt !== undefined && options.startAt < Date.now() + 1_000) {
        throw new UsageError(
          "The time of --start-at has passed, or is less than a second away; expected a later one",
        );
      }
      const shard = options.shard ?? shardOfVariables((name) => Deno.env.get(name));
      if (shard && "by" in shard) screen.print(`Shard ${shard.index} of ${shard.of}, by ${shard.by}`);
      const times = options.repeat ?? 1;
      if (times > 1 && (shard || options.startAt !== undefined)) {
        throw new UsageError(
          "--repeat can't be used with --shard or --start-at; repeat the command that starts the shards",
        );
      }
      const run = profile.module ? await drivenModule(named, options) : (await engine()).load;
      using interrupt = new Interrupt();
      const runOnce = async (out: string, seed: number): Promise<{ status: number; result: RunResult }> => {
        using recording = await Recording.begin(out);
        using view = new LoadView(screen, profile);
        const telemetry = await loadTelemetry(profile.name, targets.map(({ name }) => name).join(", "));
        await using prometheus = options.metrics &&
          await metricsAt(options.metrics, profile.name, targets.map(({ name }) => name).join(", "));
        const status = await orShortage(() =>
          run({
            profile,
            targets,
            workers,
            seed,
            from: options.from ?? [],
            version: VERSION,
            command: maskedCommand(),
            environment: environment(),
            emit: (event) => {
              recording.emit(event);
              view.see(event);
            },
            seen: (seen) => {
              view.second(seen);
              telemetry?.(seen);
              prometheus?.see(seen);
            },
            notice: (text) => view.notice(text),
            signal: interrupt.signal,
            ...defined({
              threads,
              shard: shard && { index: shard.index, of: shard.of },
              startAt: options.startAt,
            }),
          })
        );
        view.end();
        const result = recording.result();
        printLoadSummary(screen, result, await recording.report(result, options.format));
        return { status, result };
      };
      const out = options.out ?? runFolder("load");
      if (times === 1) return exit((await runOnce(out, seed)).status);
      const runs: { status: number; result: RunResult }[] = [];
      while (runs.length < times && !interrupt.signal.aborted) {
        const number = runs.length + 1;
        screen.print(`\nRun ${number} of ${times}`);
        // Each run has its own seed, so it is not affected by what another run left on the broker.
        runs.push(await runOnce(`${out}/${number}`, (seed + number - 1) >>> 0));
      }
      screen.print("");
      const { compareRuns } = await import("./report_loads.ts");
      await compareRuns(screen, runs.map(({ result }) => ({ name: profile.name, result })), out);
      exit(worst(runs.map(({ status }) => status)));
    });
}

/** Runs a load on one module, to which only some options apply. */
async function drivenModule(
  targets: readonly NamedTarget[],
  options: { readonly [name in "workers" | "from" | "shard" | "startAt"]?: unknown },
): Promise<typeof load> {
  const [target, second] = targets;
  if (!target || second || target.file.tests !== "module") {
    throw new UsageError(
      `The profile drives one module; expected one module as its target, found ${
        targets.map(({ file }) => `${file.name} (a ${file.tests})`).join(" and ")
      }; give one, such as --target virtual-module or --target serial:/dev/ttyUSB0`,
    );
  }
  for (
    const [name, flag] of [["workers", "--workers"], ["from", "--from"], ["shard", "--shard"], [
      "startAt",
      "--start-at",
    ]] as const
  ) {
    if (options[name] !== undefined) {
      throw new UsageError(`${flag} does not apply to a profile that drives a module; leave it out`);
    }
  }
  const { dialect, operations: read } = await dialectsOf(targets);
  const operations = (name: string) => read(name) ?? new Map();
  const { moduleLoad } = await import("../../load/module/load.ts");
  const { runName } = await engine();
  return (load) => moduleLoad({ ...load, dialect, operations, target: target.file, run: runName(load.seed) });
}

/** Loads the metrics server only if the user requests it. */
async function metricsAt(
  address: MetricsAddress,
  profile: string,
  target: string,
): Promise<PrometheusEndpoint> {
  const { PrometheusEndpoint } = await import("../record/prometheus.ts");
  return new PrometheusEndpoint(address, profile, target);
}

/** The exit status of several runs; if several apply, precedence is 130, 2, 3, 1. */
function worst(statuses: readonly number[]): number {
  return [130, 2, 3, 1].find((status) => statuses.includes(status)) ?? 0;
}

async function orShortage(run: () => Promise<number>): Promise<number> {
  const { ShortageError } = await engine();
  try {
    return await run();
  } catch (error) {
    if (error instanceof ShortageError) throw new UsageError(`${error.message}\nNothing was run`);
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

function threadsOf() {
  return import("../../load/run/worker_threads.ts");
}

/** Loads the engine, only after the command line was found correct. */
function engine() {
  return import("../../load/run/load.ts");
}
