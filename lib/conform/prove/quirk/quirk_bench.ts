import type { RunEvent } from "../../../run/event.ts";
import { reach } from "../../../target/reach.ts";
import { targetStarted } from "../../../target/target_started.ts";
import type { TargetFile } from "../../../target/target_file.ts";
import type { ConformOptions } from "../../conform.ts";
import { plan, type PlannedCase } from "../../plan.ts";
import { brokerRoundTrip, RoundTrip } from "../../round_trip.ts";
import { runCases } from "../../run.ts";
import { type QuirkSet, withQuirks } from "./quirk.ts";

/** The options for running cases under quirks. */
export type QuirkBenchOptions = Pick<ConformOptions, "plan" | "seed" | "jobs" | "emit" | "signal">;

/** Cases at once on each implementation. */
const JOBS = { broker: 16, module: 8, client: 4 } as const;
/** On how many implementations it is recorded what each case asks for, one case at a time on each. */
const RECORDERS = 12;

/** The results of the cases under a set of quirks. */
export interface QuirkRun {
  readonly cases: number;
  readonly skipped: number;
  readonly undecided: number;
  /** The cases that did not pass, each with the protocol it ran in. */
  readonly failing: readonly { readonly id: string; readonly protocol: string }[];
  /** How many cases failed beside other implementations and passed without them. */
  readonly onlyBesideOthers?: number;
}

/** Runs cases on embedded implementations with quirks. */
export class QuirkBench {
  readonly #options: QuirkBenchOptions;
  readonly #now: () => number;
  #number = 0;

  constructor(options: QuirkBenchOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
  }

  /**
   * Runs the cases that `chosen` selects on an implementation with these quirks. Emits the events of cases
   * that fail or cannot run, and no others. `jobs` cases run at once. `onTaken` is called with the places in the
   * suites that allow what came.
   */
  async run(
    file: TargetFile,
    set: QuirkSet,
    chosen: (cases: readonly PlannedCase[]) => readonly PlannedCase[],
    emit: (event: RunEvent) => void,
    jobs = this.#options.jobs ?? JOBS[file.tests],
    onTaken?: (places: readonly string[]) => void,
  ): Promise<QuirkRun> {
    const target = withQuirks(file, set);
    const cases = chosen(plan(target, this.#options.plan));
    const held = new Map<number, RunEvent[]>();
    const counts = { skipped: 0, undecided: 0 };
    const failing: { id: string; protocol: string }[] = [];
    let started: RunEvent | undefined;
    const see = (event: RunEvent) => {
      if (event.kind === "target-started") started = event;
      if (!("n" in event)) return;
      const events = held.get(event.n) ?? [];
      held.set(event.n, [...events, event]);
      if (event.kind !== "case-ended") return;
      held.delete(event.n);
      if (event.unconfirmed) return;
      if (event.verdict === "skip") counts.skipped++;
      if (event.verdict === "inconclusive") counts.undecided++;
      if (event.verdict !== "fail" && event.verdict !== "error") return;
      const [first] = events;
      if (first?.kind === "case-started") failing.push({ id: first.id, protocol: first.protocol });
      if (started) emit(started);
      started = undefined;
      [...events, event].forEach(emit);
    };
    await this.#play(target, set.quirks.map(({ id }) => id), cases, jobs, see, undefined, onTaken);
    return { cases: cases.length, ...counts, failing };
  }

  /**
   * Returns the decisions of the implementation without quirks that each case asks for, in all its protocols;
   * `only` restricts the ids.
   */
  async consulted(
    file: TargetFile,
    only?: ReadonlySet<string>,
  ): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const seen = new Map<string, Set<string>>();
    const cases = plan(file, this.#options.plan)
      .filter((one) => one.skip === undefined && (only?.has(one.case.id) ?? true));
    const queue = cases[Symbol.iterator]();
    const recorder = async () => {
      for (const planned of queue) {
        const id = planned.case.id;
        const points = seen.get(id) ?? new Set();
        seen.set(id, points);
        await this.#play(file, [], [planned], 1, () => {}, (point) => points.add(point));
        if (this.#options.signal.aborted) return;
      }
    };
    await Promise.all(Array.from({ length: RECORDERS }, recorder));
    return seen;
  }

  async #play(
    file: TargetFile,
    quirks: readonly string[],
    cases: readonly PlannedCase[],
    jobs: number,
    emit: (event: RunEvent) => void,
    consulted?: (point: string) => void,
    onTaken?: (places: readonly string[]) => void,
  ): Promise<void> {
    const { plan: { dialects, values }, signal, seed } = this.#options;
    await using target = await reach(file, { dialect: dialects.dialect, quirks, consulted, signal });
    const roundTrip = new RoundTrip();
    if (target.kind === "broker") await roundTrip.once(() => brokerRoundTrip(target, signal));
    emit({ ...targetStarted(target), t: this.#now() });
    await runCases({
      target,
      cases,
      jobs,
      seed,
      values: values ?? new Map(),
      emit,
      now: this.#now,
      nextNumber: () => ++this.#number,
      signal,
      shuffle: false,
      roundTrip,
      onTaken,
      operations: target.kind === "module" ? dialects.operations(target.dialect.name) : undefined,
    });
  }
}
