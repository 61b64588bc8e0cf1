import { messageOf } from "../ground/error_message.ts";
import type { RunEvent } from "../run/event.ts";
import { exitCode } from "../run/exit_code.ts";
import { addTotals, standingOf, tally, type Totals } from "../run/standing.ts";
import { nothingJudged } from "../run/unjudged.ts";
import { asked } from "../target/ask.ts";
import { reach } from "../target/reach.ts";
import { targetStarted } from "../target/target_started.ts";
import type { TargetFile } from "../target/target_file.ts";
import { ANNOUNCED, ANNOUNCED_TEXT } from "./announced.ts";
import { IdentityOnce } from "./module/identity.ts";
import { haveOwnLogins } from "./own_logins.ts";
import { type CasePlan, plan, withClaims } from "./plan.ts";
import { brokerRoundTrip, RoundTrip } from "./round_trip.ts";
import { runCases } from "./run.ts";
import { type RunRecord, startEvents } from "./run_start.ts";
import { sideBySide } from "./side_by_side.ts";
import { valuesUsed } from "./values_used.ts";

/** How many cases run at once against a broker, and on how many virtual modules. */
const BROKER_JOBS = 24;
const MODULE_JOBS = 16;
/** How many processes of a client library's adapter run cases at once. */
const CLIENT_JOBS = 10;

const JOBS = { broker: BROKER_JOBS, module: MODULE_JOBS, client: CLIENT_JOBS } as const;

/** The options of a conformance run. */
export interface ConformOptions {
  readonly targets: readonly TargetFile[];
  readonly plan: CasePlan;
  readonly record: RunRecord;
  readonly seed: number;
  /** Cases at once; default 24 against a broker and 16 virtual modules. */
  readonly jobs?: number | undefined;
  /** How often all cases run; default 1. */
  readonly repeat?: number | undefined;
  /** Repeats the cases for this many milliseconds. */
  readonly forMs?: number | undefined;
  /** A command that resets a module, word by word, run without a shell. Only the user may set it. */
  readonly resetCommand?: readonly string[] | undefined;
  /** Called with each rule that a case breaks, by the case's id and protocol; then no case is refused for it. */
  readonly onBroken?: ((id: string, protocol: string, rule: string) => void) | undefined;
  /** Stops the run at the first case that does not pass and is not a known deviation. */
  readonly failFast?: boolean | undefined;
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

/** The reason for a run that stopped early because the user asked for it. */
const STOPPED = "Stopped at the first case that did not pass, because of --fail-fast";

/**
 * Runs suites on targets, one target after the other and serial lines side by side, and emits all that happens. Gives the exit status.
 */
export async function conform(options: ConformOptions): Promise<number> {
  const begin = performance.now();
  const now = () => Math.round((performance.now() - begin) * 1000) / 1000;
  const count = new Count();
  const stopped = new AbortController();
  const signal = AbortSignal.any([options.signal, stopped.signal]);
  const emit = (event: RunEvent) => {
    count.see(event);
    options.emit(event);
    if (!options.failFast || event.kind !== "case-ended") return;
    if (exitCode({ totals: count.totals, interrupted: false }) !== 0) stopped.abort();
  };
  const plans = options.targets.map((target) => ({ target, cases: plan(target, options.plan) }));
  const repeat = options.repeat ?? 1;
  const planned = plans.map(({ target, cases }) => ({ tests: target.tests, cases }));
  startEvents({
    what: "conform",
    record: options.record,
    seed: options.seed,
    suites: options.plan.suites,
    planned,
    announces: options.plan.announces ? ANNOUNCED_TEXT : undefined,
    repeat,
    forMs: options.forMs,
  }).forEach(emit);
  const unreached: string[] = [];
  let n = 0;
  const shuffle = repeat > 1 || options.forMs !== undefined;
  const run = async ({ target: file, cases: written }: typeof plans[number]): Promise<void> => {
    if (signal.aborted || written.length === 0) return;
    try {
      await using reached = await reach(file, {
        dialect: options.plan.dialects.dialect,
        ownLogins: haveOwnLogins(written),
        signal,
      });
      const set = options.plan.values?.keys();
      const target = reached.kind === "broker" ? await asked(reached, file, signal, set) : reached;
      const roundTrip = new RoundTrip();
      if (target.kind === "broker") await roundTrip.once(() => brokerRoundTrip(target, signal));
      // What the target was asked for decides which cases are skipped.
      const cases = file.asks ? plan(withClaims(file, target), options.plan) : written;
      emit({
        ...targetStarted(target),
        t: now(),
        roundTripMs: roundTrip.ms || undefined,
        values: valuesUsed(target, cases, options.plan.values ?? new Map()),
      });
      const identity = new IdentityOnce((told) =>
        emit({ kind: "identity", t: now(), target: target.name, ...told })
      );
      const until = options.forMs === undefined ? undefined : now() + options.forMs;
      for (let iteration = 1; until === undefined ? iteration <= repeat : now() < until; iteration++) {
        const { outcome, reason } = await runCases({
          target,
          cases: cases.map((one) => ({ ...one, iteration })),
          jobs: options.jobs ?? JOBS[target.kind],
          seed: options.seed + iteration - 1,
          values: options.plan.values ?? new Map(),
          emit,
          now,
          nextNumber: () => ++n,
          signal,
          shuffle,
          identity,
          roundTrip,
          operations: target.kind === "module"
            ? options.plan.dialects.operations(target.dialect.name)
            : undefined,
          // The first round is always complete, however long it takes.
          untilMs: iteration === 1 ? undefined : until,
          resetCommand: options.resetCommand,
          onBroken: options.onBroken,
          announces: options.plan.announces ? ANNOUNCED : undefined,
        });
        if (reason !== undefined) unreached.push(reason);
        if (outcome !== "done") break;
      }
    } catch (error) {
      if (!signal.aborted) unreached.push(messageOf(error));
    }
  };
  await Promise.all(
    sideBySide(plans.map((one) => ({ ...one, file: one.target }))).map(async (turns) => {
      for (const turn of turns) await run(turn);
    }),
  );
  const interrupted = options.signal.aborted;
  const exit = exitCode({
    totals: count.totals,
    interrupted,
    broken: unreached.length > 0,
    nothingJudged: nothingJudged(count.totals),
  });
  if (stopped.signal.aborted) unreached.push(STOPPED);
  const reason = unreached.length > 0 ? { reason: unreached.join("; ") } : {};
  // A case that was running when the run was stopped is not an error, as after the user's interrupt.
  emit({ kind: "run-ended", t: now(), interrupted: signal.aborted, exit, ...reason });
  return exit;
}

/** Collects what the exit status needs. */
class Count {
  totals: Totals = tally([]);

  see(event: RunEvent): void {
    // A case that runs again alone counts by its last run.
    if (event.kind !== "case-ended" || event.unconfirmed) return;
    const { verdict, expected } = event;
    this.totals = addTotals(this.totals, tally([{ ...event, standing: standingOf(verdict, expected) }]));
  }
}
