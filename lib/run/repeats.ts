import type { CaseEnded, CaseStarted, Verdict } from "./event.ts";
import { addTotals, standingOf, tally, type Totals } from "./standing.ts";

/** A case that ran several times on one target in one protocol, as with `--repeat` and `--for`. */
export interface RepeatedCase {
  /** The case: `suite/case`, followed by `[row]` for a row of a table or matrix. */
  readonly id: string;
  /** The name of the target. */
  readonly target: string;
  /** The protocol: `3.1`, `3.1.1`, `5.0`, or that of a command set. */
  readonly protocol: string;
  /** How often it ran. */
  readonly runs: number;
  /** How often it ended in each verdict. */
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  /** Whether its verdicts differ. */
  readonly flaky: boolean;
  /** The rounds in which it neither passed nor was skipped, at most 100 of them. */
  readonly rounds: readonly number[];
}

/**
 * How many executions of one case are kept completely: of those that passed or were skipped, and of the
 * others.
 */
const CALM = 1;
const TROUBLED = 20;
const ROUNDS = 100;

interface Row {
  readonly started: CaseStarted;
  readonly verdicts: Partial<Record<Verdict, number>>;
  readonly rounds: number[];
  runs: number;
  calm: number;
  troubled: number;
}

/**
 * Counts the executions of a repeated run and decides which are kept completely, so memory is bounded by the
 * number of cases, however long the run lasts. The journal has them all.
 */
export class Repeats {
  readonly #rows = new Map<string, Row>();
  readonly #dropped = new Map<string, Totals>();

  /** Counts an execution that has ended. Returns whether to keep it; one without a round is always kept. */
  see(started: CaseStarted, ended: CaseEnded): boolean {
    if (started.iteration === undefined) return true;
    const row = this.#rowOf(started);
    row.runs++;
    row.verdicts[ended.verdict] = (row.verdicts[ended.verdict] ?? 0) + 1;
    const standing = standingOf(ended.verdict, ended.expected);
    const calm = standing === "pass" || standing === "skip" || standing === "expected-fail";
    if (ended.verdict !== "pass" && ended.verdict !== "skip" && row.rounds.length < ROUNDS) {
      row.rounds.push(started.iteration);
    }
    const keep = calm ? row.calm++ < CALM : row.troubled++ < TROUBLED;
    if (!keep) {
      const own = tally([{ ...ended, standing }]);
      this.#dropped.set(started.target, addTotals(this.#dropped.get(started.target), own));
    }
    return keep;
  }

  /** Removes an execution that was tried again. */
  forget(started: CaseStarted, verdict: Verdict): void {
    if (started.iteration === undefined) return;
    const row = this.#rowOf(started);
    row.runs--;
    row.verdicts[verdict] = (row.verdicts[verdict] ?? 1) - 1;
    const at = row.rounds.lastIndexOf(started.iteration);
    if (at >= 0) row.rounds.splice(at, 1);
  }

  /** The totals of the executions that were not kept, by target. */
  get dropped(): ReadonlyMap<string, Totals> {
    return this.#dropped;
  }

  /** Returns every case that ran more than once; those with different verdicts first. */
  cases(): readonly RepeatedCase[] {
    const all = [...this.#rows.values()].filter(({ runs }) => runs > 1).map(repeatedCase);
    return all.toSorted((a, b) => Number(b.flaky) - Number(a.flaky));
  }

  #rowOf(started: CaseStarted): Row {
    const key = JSON.stringify([started.id, started.target, started.protocol]);
    const row = this.#rows.get(key) ?? { started, verdicts: {}, rounds: [], runs: 0, calm: 0, troubled: 0 };
    this.#rows.set(key, row);
    return row;
  }
}

function repeatedCase({ started: { id, target, protocol }, verdicts, rounds, runs }: Row): RepeatedCase {
  const seen = Object.entries(verdicts).filter(([, count]) => count > 0);
  return { id, target, protocol, runs, verdicts: Object.fromEntries(seen), flaky: seen.length > 1, rounds };
}
