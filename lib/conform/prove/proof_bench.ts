import type { CaseEnded, RunEvent } from "../../run/event.ts";
import { reach } from "../../target/reach.ts";
import type { Target } from "../../target/target.ts";
import { targetStarted } from "../../target/target_started.ts";
import type { TargetFile } from "../../target/target_file.ts";
import type { ConformOptions } from "../conform.ts";
import type { PlannedCase } from "../plan.ts";
import { RoundTrip } from "../round_trip.ts";
import { runCases } from "../run.ts";

/** A fault that an embedded implementation can be configured with. */
export interface Defect {
  readonly id: string;
  readonly description: string;
  /** The clauses that it breaks: cases that cover one of them are tried first. */
  readonly clauses?: readonly string[];
  /** Quirks of the targets on which it shows; undefined if it shows without any. */
  readonly beside?: readonly string[];
}

/** A case that failed under a defect, and how many milliseconds that took. */
export interface Witness {
  readonly id: string;
  readonly ms: number;
}

/** How many defects are tried at once, each on an implementation of its own. */
const AT_ONCE = { broker: 8, module: 8, client: 4 } as const;
/** Cases at once on each. */
const JOBS = { broker: 16, module: 4, client: 4 } as const;
/** Cases at once where a busy machine must not decide. */
const CALM_JOBS = 4;
/** Milliseconds that an expectation waits; the run without defects has to pass with the same. */
const WITHIN_MS = { broker: 800, module: 1_000, client: 1_000 } as const;

/** Runs cases on one embedded implementation, with and without defects. */
export class ProofBench {
  readonly file: TargetFile;
  readonly #options: Omit<ConformOptions, "repeat" | "forMs">;
  readonly #now: () => number;

  constructor(
    options: Omit<ConformOptions, "repeat" | "forMs">,
    file: TargetFile,
    now: () => number,
  ) {
    this.#options = options;
    this.file = { ...file, withinMs: WITHIN_MS[file.tests] };
    this.#now = now;
  }

  get aborted(): boolean {
    return this.#options.signal.aborted;
  }

  /**
   * Runs the cases without a defect and emits the events. A case that does not pass is tried again with few
   * others beside it, and only that counts. Returns those that pass without a warning for a violated `should`
   * or `may`.
   */
  async passing(
    cases: readonly PlannedCase[],
    emit: (event: RunEvent) => void,
  ): Promise<readonly PlannedCase[]> {
    const passed = new Set<string>();
    const again = new Set<string>();
    const held = new Map<number, RunEvent[]>();
    const see = (last: boolean) => (event: RunEvent) => {
      if (!("n" in event)) return emit(event);
      const events = held.get(event.n) ?? [];
      held.set(event.n, [...events, event]);
      if (event.kind !== "case-ended") return;
      held.delete(event.n);
      const [first] = events;
      const id = first?.kind === "case-started" ? first.id : "";
      const passes = event.verdict === "pass" && !event.failure;
      if (!passes && event.verdict !== "skip" && !last) return void again.add(id);
      if (passes) passed.add(id);
      [...events, event].forEach(emit);
    };
    const counter = { n: 0 };
    await this.#trial([], cases, JOBS[this.file.tests], see(false), counter);
    const rest = cases.filter((one) => again.has(one.case.id));
    if (rest.length > 0 && !this.aborted) {
      await this.#trial([], rest, CALM_JOBS, see(true), counter);
    }
    return cases.filter((one) => passed.has(one.case.id));
  }

  /**
   * Returns the cases that fail under a defect; `calm` runs few at a time. A violated `should` or `may` is a
   * pass with a warning, and counts as noticed.
   */
  async failing(defect: string, cases: readonly PlannedCase[], calm: boolean): Promise<readonly Witness[]> {
    if (cases.length === 0 || this.aborted) return [];
    const ids = new Map<number, string>();
    const failed: Witness[] = [];
    const fails = ({ verdict, failure }: CaseEnded) =>
      verdict === "fail" || (failure !== undefined && verdict === "pass");
    await this.#trial([defect], cases, calm ? CALM_JOBS : JOBS[this.file.tests], (event) => {
      if (event.kind === "case-started") ids.set(event.n, event.id);
      if (event.kind !== "case-ended" || !fails(event)) return;
      const id = ids.get(event.n);
      if (id !== undefined) failed.push({ id, ms: event.durationMs });
    }, { n: 0 });
    return failed;
  }

  /** Does the work for each item, several at once. */
  async each<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
    const queue = items[Symbol.iterator]();
    const worker = async () => {
      for (let next = queue.next(); !next.done; next = queue.next()) await work(next.value);
    };
    await Promise.all(Array.from({ length: AT_ONCE[this.file.tests] }, worker));
  }

  async #trial(
    defects: readonly string[],
    cases: readonly PlannedCase[],
    jobs: number,
    emit: (event: RunEvent) => void,
    counter: { n: number },
  ): Promise<void> {
    const { plan: { dialects: { dialect }, values }, signal, seed } = this.#options;
    await using target: Target = await reach(this.file, { dialect, defects, signal });
    emit({ ...targetStarted(target), t: this.#now() });
    await runCases({
      target,
      cases,
      jobs: this.#options.jobs ?? jobs,
      seed,
      values: values ?? new Map(),
      emit,
      now: this.#now,
      nextNumber: () => ++counter.n,
      signal,
      shuffle: false,
      roundTrip: new RoundTrip(),
      charts: defects.length === 0,
      confirm: false,
    });
  }
}
