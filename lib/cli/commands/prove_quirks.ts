import { hooksOf, QUIRKS as BROKER_QUIRKS } from "../../broker/quirks.ts";
import { CLIENT_QUIRKS } from "../../client/virtual/quirks.ts";
import { dialectsOf } from "../../catalog/dialects.ts";
import { environment } from "../../catalog/environment.ts";
import { readPoints, writePoints } from "../../catalog/proofs.ts";
import { namedSuites } from "../../catalog/named_suites.ts";
import type { Suites } from "../../catalog/suites.ts";
import { findTarget } from "../../catalog/targets.ts";
import { UsageError } from "../../catalog/usage_error.ts";
import { VERSION } from "../../catalog/version.ts";
import { pointRecord } from "../../conform/prove/quirk/points.ts";
import type { Quirk } from "../../conform/prove/quirk/quirk.ts";
import { suggest } from "../../ground/nearest.ts";
import type { ModuleBehaviour } from "../../module/behaviour.ts";
import { pointsOf, QUIRKS as MODULE_QUIRKS } from "../../module/quirks.ts";
import type { QuirksTried } from "../../run/event.ts";
import type { RunResult } from "../../run/result.ts";
import type { FormatName } from "../../../reports/format_name.ts";
import { Interrupt } from "../interrupt.ts";
import { Recording } from "../record/recording.ts";
import type { Screen } from "../terminal/screen.ts";
import { maskedCommand, runFolder } from "./run_parts.ts";

/** Targets for the cases that the targets before them skip. */
const STAND_INS: ReadonlySet<string> = new Set(["reference-secured"]);

/** The options of `prove` that apply with `--quirks`. */
export interface QuirkOptions {
  readonly quirk?: readonly string[] | undefined;
  readonly dozens: number;
  readonly filter?: readonly string[] | undefined;
  readonly recorded?: true | undefined;
  readonly jobs?: number | undefined;
  readonly seed?: number | undefined;
  readonly out?: string | undefined;
  readonly format: readonly FormatName[];
}

/** Runs the cases on unusual but conforming implementations, and returns the exit status. */
export async function proveByQuirks(
  screen: Screen,
  names: readonly string[],
  proofs: URL,
  options: QuirkOptions,
): Promise<number> {
  const quirks = quirksOf(options.quirk);
  const targets = await Promise.all([...quirks.keys()].map((name) => findTarget(name)));
  const records = options.recorded
    ? await readPoints(proofs, targets.map(({ file }) => file.name))
    : undefined;
  const { suites, patterns } = await namedSuites(names);
  const { proveQuirks } = await import("../../conform/prove/quirk/prove_quirks.ts");
  using interrupt = new Interrupt();
  using recording = await Recording.begin(options.out ?? runFolder("prove"));
  const status = await proveQuirks({
    targets: targets.map(({ file }) => file),
    plan: {
      suites,
      selection: { patterns, filters: options.filter ?? [] },
      dialects: await dialectsOf(targets),
    },
    record: { version: VERSION, command: maskedCommand(), environment: environment() },
    quirks,
    standIns: STAND_INS,
    dozens: options.dozens,
    records,
    seed: options.seed ?? 1,
    emit: (event) => {
      recording.emit(event);
      if (event.kind === "quirks") printSet(screen, event);
    },
    signal: interrupt.signal,
    jobs: options.jobs,
  });
  const result = recording.result();
  printSum(screen, result);
  for (const path of await recording.report(result, options.format)) {
    screen.print(`  ${screen.paint("faint", path)}`);
  }
  return status;
}

/** Records which decisions of the embedded implementations each case depends on, and prints the files. */
export async function recordPoints(screen: Screen, known: Suites, proofs: URL, seed = 1): Promise<number> {
  const quirks = quirksOf(undefined);
  const targets = await Promise.all([...quirks.keys()].map((name) => findTarget(name)));
  const { QuirkBench } = await import("../../conform/prove/quirk/quirk_bench.ts");
  using interrupt = new Interrupt();
  const plan = {
    suites: await known.all(),
    selection: { patterns: [], filters: [] },
    dialects: await dialectsOf(targets),
  };
  const { casesOfStandIns } = await import("../../conform/prove/quirk/prove_quirks.ts");
  const only = casesOfStandIns(targets.map(({ file }) => file), plan, STAND_INS);
  const bench = new QuirkBench({
    plan,
    seed,
    emit: () => {},
    signal: interrupt.signal,
  }, () => performance.now());
  for (const { file } of targets) {
    const record = pointRecord(await bench.consulted(file, only.get(file.name)), quirks.get(file.name) ?? []);
    if (interrupt.signal.aborted) return 130;
    screen.print(`  ${await writePoints(proofs, file.name, record)}`);
  }
  return 0;
}

/** The selected quirks of each embedded target. Throws {@link UsageError} for an unknown id. */
function quirksOf(ids: readonly string[] | undefined): ReadonlyMap<string, readonly Quirk[]> {
  const broker = BROKER_QUIRKS.map((quirk): Quirk => ({ ...quirk, points: hooksOf(quirk) }));
  // For a command set that is only a sample, those that it alone can have.
  const module = (commands: ModuleBehaviour["commands"], others = true) =>
    MODULE_QUIRKS.filter((quirk) => quirk.commands === commands || (others && quirk.commands === undefined))
      .map((quirk): Quirk => ({ ...quirk, ...quirk.claims, points: pointsOf(quirk) }));
  const all: readonly (readonly [string, readonly Quirk[]])[] = [
    [
      "reference",
      BROKER_QUIRKS.flatMap(({ beside, credentials }, at) => beside || credentials ? [] : broker[at] ?? []),
    ],
    ["reference-secured", broker.filter((_, at) => BROKER_QUIRKS[at]?.credentials !== false)],
    ["virtual-module", module("ECMT")],
    ["qmt", module("QMT")],
    ["simcom", module("CMQTT", false)],
    ["esp", module("MQTT", false)],
    ["virtual-client", CLIENT_QUIRKS],
  ];
  if (!ids) return new Map(all);
  const known = all.flatMap(([, quirks]) => quirks.map(({ id }) => id));
  for (const id of ids) {
    if (known.includes(id)) continue;
    const hint = suggest(id, known) ??
      '"deno task broker --quirks" and "deno task module --quirks" list them';
    throw new UsageError(`Unknown quirk "${id}"; ${hint}`);
  }
  const chosen = all.map(([target, quirks]) =>
    [target, quirks.filter(({ id }) => ids.includes(id))] as const
  );
  return new Map(chosen.filter(([, quirks]) => quirks.length > 0));
}

function printSet(screen: Screen, tried: QuirksTried): void {
  const { target, name, cases, skipped, failing, onlyBesideOthers = 0, durationMs } = tried;
  const verdict = failing.length === 0 ? screen.paint("good", "pass") : screen.paint("bad", "FAIL");
  const passed = onlyBesideOthers > 0
    ? `, ${onlyBesideOthers} failed only together with other implementations`
    : "";
  const counted = `${cases - skipped} cases, ${skipped} skipped${passed}, ${
    (durationMs / 1000).toFixed(1)
  } s`;
  screen.print(`${verdict}  ${target} with ${name}  ${screen.paint("faint", counted)}`);
  for (const { id, protocol } of failing) screen.print(`      ${id}  ${screen.paint("faint", protocol)}`);
}

function printSum(screen: Screen, { quirks = [], durationMs }: RunResult): void {
  const pairs = quirks.filter((set) => set.quirks.length === 1);
  const runs = (sets: typeof quirks) => sets.reduce((sum, set) => sum + set.cases - set.skipped, 0);
  const failing = quirks.reduce((sum, set) => sum + set.failing.length, 0);
  screen.print(
    `\n${pairs.length} quirks alone, ${runs(pairs)} case runs; ${
      quirks.length - pairs.length
    } sets of quirks, ` +
      `${runs(quirks) - runs(pairs)} case runs; ${failing} failing; ${(durationMs / 1000).toFixed(1)} s`,
  );
}
