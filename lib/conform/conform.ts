import { messageOf } from "../ground/error_message.ts";
import type { Dialect } from "../at/dialect.ts";
import type { RunEvent } from "../run/event.ts";
import { exitCode } from "../run/exit_code.ts";
import type { Source } from "../run/result.ts";
import { addTotals, standingOf, tally, type Totals } from "../run/standing.ts";
import type { Value } from "../spec/value.ts";
import type { Operations } from "../suite/dialect/dialect_operations.ts";
import type { Case, Suite } from "../suite/file/model.ts";
import type { Account } from "../suite/file/uncovered.ts";
import { inDialect } from "../suite/dialect/in_dialect.ts";
import { select, type Selection } from "../suite/file/select.ts";
import { eachStep, verbOf } from "../suite/step/step.ts";
import { amountOf, type Claims, claimsIn } from "../suite/claim/claims.ts";
import { asked } from "../target/ask.ts";
import { deviationFor, type KnownDeviation } from "../target/expectation_file.ts";
import { canRestart, reach } from "../target/reach.ts";
import type { Target } from "../target/target.ts";
import { targetStarted } from "../target/target_started.ts";
import { DEFAULT_DIALECT, type TargetFile } from "../target/target_file.ts";
import { IdentityOnce } from "./module/identity.ts";
import type { PlannedCase } from "./plan.ts";
import { brokerRoundTrip, RoundTrip } from "./round_trip.ts";
import { runCases } from "./run.ts";
import { startEvents } from "./run_start.ts";

/** How many cases run at once against a broker, and on how many virtual modules. */
const BROKER_JOBS = 24;
const MODULE_JOBS = 16;
/** So many retained messages are enough for cases side by side. */
const ENOUGH_RETAINED = 8 * BROKER_JOBS;

/** What a conformance run is made of. */
export interface ConformOptions {
  readonly suites: readonly Suite[];
  readonly targets: readonly TargetFile[];
  /** Which cases; what a target supports is added for each. */
  readonly selection: Omit<Selection, "claims" | "values" | "protocols" | "tests"> & {
    readonly protocols?: readonly string[] | undefined;
  };
  /** Cases at once; default 24 against a broker and 16 virtual modules. */
  readonly jobs?: number | undefined;
  readonly seed: number;
  /** How often all cases run; default 1. */
  readonly repeat?: number | undefined;
  /** Repeats until so many milliseconds have passed. */
  readonly forMs?: number | undefined;
  /** The known deviations of each target, by its name. */
  readonly expectations?: ReadonlyMap<string, readonly KnownDeviation[]> | undefined;
  /** A command that resets a module, word by word; no shell reads it. It is the user's alone to name. */
  readonly resetCommand?: readonly string[] | undefined;
  /** Values given by the user, over those of the targets. */
  readonly values?: ReadonlyMap<string, Value> | undefined;
  readonly dialect: (name: string) => Dialect;
  /** How a dialect types and reads operations; without it cases of operations are skipped. */
  readonly operations?: (dialect: string) => Operations | undefined;
  /** Why no case covers some clauses, for the record. */
  readonly accounts?: readonly Account[] | undefined;
  /** For the record: the files of the run, who runs it and for whom, and whether the record is masked. */
  readonly sources?: readonly Source[] | undefined;
  readonly operator?: string | undefined;
  readonly customer?: string | undefined;
  readonly masked?: boolean | undefined;
  /** For the record: attest's version, the command line, and the machine. */
  readonly version: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
  /** Takes each rule that a case breaks, by the case's id and protocol; then no case is refused for it. */
  readonly onBroken?: ((id: string, protocol: string, rule: string) => void) | undefined;
}

/** Runs suites on targets, one target after the other, and emits all that happens. Gives the exit status. */
export async function conform(options: ConformOptions): Promise<number> {
  const begin = performance.now();
  const now = () => Math.round((performance.now() - begin) * 1000) / 1000;
  const count = new Count();
  const emit = (event: RunEvent) => {
    count.see(event);
    options.emit(event);
  };
  const plans = options.targets.map((target) => ({ target, cases: plan(target, options) }));
  const repeat = options.repeat ?? 1;
  const planned = plans.map(({ target, cases }) => ({ tests: target.tests, cases }));
  startEvents("conform", options, planned, repeat).forEach(emit);
  const unreached: string[] = [];
  let n = 0;
  const shuffle = repeat > 1 || options.forMs !== undefined;
  for (const { target: file, cases: written } of plans) {
    if (options.signal.aborted || written.length === 0) continue;
    try {
      await using reached = await reach(file, { dialect: options.dialect, signal: options.signal });
      const target = reached.kind === "broker" ? await asked(reached, file, options.signal) : reached;
      const roundTrip = new RoundTrip();
      if (target.kind === "broker") await roundTrip.once(() => brokerRoundTrip(target, options.signal));
      emit({ ...targetStarted(target), t: now(), roundTripMs: roundTrip.ms || undefined });
      // What the target was asked for decides which cases are skipped.
      const cases = file.asks ? plan(withClaims(file, target), options) : written;
      const identity = new IdentityOnce((told) =>
        emit({ kind: "identity", t: now(), target: target.name, ...told })
      );
      const until = options.forMs === undefined ? undefined : now() + options.forMs;
      for (let iteration = 1; until === undefined ? iteration <= repeat : now() < until; iteration++) {
        const { outcome, reason } = await runCases({
          target,
          cases: cases.map((one) => ({ ...one, iteration })),
          jobs: options.jobs ?? (target.kind === "broker" ? BROKER_JOBS : MODULE_JOBS),
          seed: options.seed + iteration - 1,
          values: options.values ?? new Map(),
          emit,
          now,
          nextNumber: () => ++n,
          signal: options.signal,
          shuffle,
          identity,
          roundTrip,
          operations: target.kind === "module" ? options.operations?.(target.dialect.name) : undefined,
          // The first round is whole, whatever time it takes.
          untilMs: iteration === 1 ? undefined : until,
          resetCommand: options.resetCommand,
          onBroken: options.onBroken,
        });
        if (reason !== undefined) unreached.push(reason);
        if (outcome !== "done") break;
      }
    } catch (error) {
      if (!options.signal.aborted) unreached.push(messageOf(error));
    }
  }
  const interrupted = options.signal.aborted;
  const exit = exitCode({ totals: count.totals, interrupted, broken: unreached.length > 0 });
  const reason = unreached.length > 0 ? { reason: unreached.join("; ") } : {};
  emit({ kind: "run-ended", t: now(), interrupted, exit, ...reason });
  return exit;
}

/** The cases of one target, each in the protocols that it speaks. */
export function plan(
  target: TargetFile,
  options: Pick<ConformOptions, "suites" | "selection" | "expectations" | "operations" | "values">,
): readonly PlannedCase[] {
  const dialect = target.dialect ?? DEFAULT_DIALECT;
  const operations: Operations = (target.tests === "module" && options.operations?.(dialect)) || new Map();
  const expectations = options.expectations?.get(target.name) ?? [];
  const claims = (protocol: string) => claimsIn(target, protocol);
  const { tests, protocols: speaks } = target;
  const selection = { ...options.selection, tests, speaks, claims, values: options.values };
  return select(options.suites, selection).map((one) => {
    const expected = deviationFor(expectations, one.case.id, one.protocol);
    const skip = one.skip ?? missingAbility(one.case, target);
    const exclusive = one.case.exclusive || sharesLittle(one.case, claims(one.protocol));
    const planned: PlannedCase = { ...one, case: { ...one.case, exclusive }, iteration: 1, expected, skip };
    const typed = inDialect(planned.case, operations);
    if (typed.missing === undefined) return { ...planned, case: typed.case };
    return { ...planned, skip: one.skip ?? `The dialect "${dialect}" has no operation "${typed.missing}"` };
  });
}

/** A target file with the claims of its broker. */
function withClaims(file: TargetFile, { protocols, supports, values, valuesIn }: Target): TargetFile {
  return { ...file, protocols, supports, values, valuesIn };
}

/** Whether cases side by side could take from each other what the target keeps for all clients together. */
function sharesLittle(one: Case, { values }: Claims): boolean {
  if (!one.requires.some(({ feature, not }) => feature === "retained" && !not)) return false;
  const kept = amountOf(values.get("retainedMessages"));
  return kept !== undefined && !kept.atLeast && kept.most < ENOUGH_RETAINED;
}

/** Why a case can't be run however the target behaves. */
function missingAbility(one: Case, target: TargetFile): string | undefined {
  if (target.tests !== "broker" || canRestart(target)) return undefined;
  return eachStep(one.steps).some((step) => verbOf(step).needs === "restart")
    ? "attest can't restart this target; name a command that does by --restart-command"
    : undefined;
}

/** Keeps of the cases what the exit status needs. */
class Count {
  totals: Totals = tally([]);

  see(event: RunEvent): void {
    // What runs again alone counts by its last run.
    if (event.kind !== "case-ended" || event.unconfirmed) return;
    const { verdict, expected } = event;
    this.totals = addTotals(this.totals, tally([{ ...event, standing: standingOf(verdict, expected) }]));
  }
}
