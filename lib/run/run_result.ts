/** The types of a run's result. */
import type { ClauseCoverage } from "./coverage.ts";
import type {
  CaseEnded,
  CaseStarted,
  ChartEntry,
  DefectTried,
  QuirksTried,
  RunStarted,
  SourceListed,
  StepEnded,
  TargetStarted,
  Verdict,
} from "./event.ts";
import type { LimitResult } from "./limit_table.ts";
import type { LoadResult } from "./load_result.ts";
import type { RepeatedCase } from "./repeats.ts";
import type { Standing, Totals } from "./standing.ts";

/** One execution of a case, with everything recorded about it. */
export type CaseResult =
  & Omit<CaseStarted, "kind" | "t">
  & Omit<CaseEnded, "kind" | "t" | "n">
  & {
    /** Milliseconds from the start of the run to the start of the case. */
    readonly startedMs: number;
    readonly standing: Standing;
    readonly steps: readonly StepEnded[];
    readonly chart: readonly ChartEntry[];
    /** Earlier executions that ended in `error` and were tried again. */
    readonly retried: number;
    /** Earlier executions whose failure was tried again alone; the one beside other cases first. */
    readonly earlier?: readonly EarlierRun[] | undefined;
  };

/** An execution of a case that did not count, because the case ran again alone. */
export interface EarlierRun {
  /** Which of its runs alone this was, counted from 1; absent if it ran beside other cases. */
  readonly alone?: number | undefined;
  /** The verdict. */
  readonly verdict: Verdict;
  /** Why it has this verdict, in one sentence. */
  readonly reason?: string | undefined;
  /** The ended steps in order. */
  readonly steps: readonly StepEnded[];
  /** The sequence chart in order of time. */
  readonly chart: readonly ChartEntry[];
}

/** A target of the run, and the totals of its cases. */
export type TargetResult = Omit<TargetStarted, "kind" | "t"> & {
  readonly totals: Totals;
  /** The parts of its identity that a module did not report on request. */
  readonly untold?: readonly string[];
};

/** A file that the run used. */
export type Source = Omit<SourceListed, "kind">;

/** A defect and the cases that noticed it. */
export type DefectResult = Omit<DefectTried, "kind" | "t">;

/** A set of quirks and the cases that failed under it. */
export type QuirksResult = Omit<QuirksTried, "kind" | "t">;

/** A whole run as its events describe it. All reports are made from this. */
export interface RunResult {
  /** The attest version that ran it. */
  readonly attest: { readonly version: string };
  /** What ran: cases, a load, or a proof. */
  readonly kind: RunStarted["what"];
  /** The seed of every random choice; 0 to 4,294,967,295. */
  readonly seed: number;
  /** RFC 3339, UTC; empty if the journal has lost its first line. */
  readonly startedAt: string;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** The command line with secrets masked. */
  readonly command: readonly string[];
  /** Runtime and machine, for the reader. */
  readonly environment: Readonly<Record<string, string>>;
  /** Who ran it, according to the user. */
  readonly operator?: string;
  /** For whom it is run, according to the user. */
  readonly customer?: string;
  /** What the clients of the run announced where a case did not; absent if they announced nothing. */
  readonly announces?: string;
  /** Whether identifiers, names and passwords are masked. */
  readonly masked?: true;
  /** The files that the run used. */
  readonly sources: readonly Source[];
  /** How many case runs were planned. */
  readonly planned: number;
  /** How many planned case runs never started. */
  readonly notRun: number;
  /** False if the journal ends before the run did. */
  readonly complete: boolean;
  /** Whether the user stopped it. */
  readonly interrupted: boolean;
  /** Case runs per second, without skipped ones; for a repeated run those of all rounds. */
  readonly casesPerSecond: number;
  /** The exit status of the run, if it ended. */
  readonly exit?: number;
  /** Why the harness stopped, if not because all cases had run. */
  readonly reason?: string;
  /** Why nothing was judged, if the run ended normally without judging a case, threshold or promise. */
  readonly unjudged?: string;
  /** The targets that were reached or tried, in order. */
  readonly targets: readonly TargetResult[];
  /** The totals of all case runs, including those that `cases` lacks. */
  readonly totals: Totals;
  /** The case runs; for a repeated run the first of each case, and at most 20 of each that did not pass. */
  readonly cases: readonly CaseResult[];
  /** Cases that ran more than once, the flaky ones first; empty if none did. */
  readonly repeats: readonly RepeatedCase[];
  /** Each clause of the run, and what its cases show about it. */
  readonly coverage: readonly ClauseCoverage[];
  /** The boundary cases by command, parameter and class; empty if none ran. */
  readonly limits: readonly LimitResult[];
  /** The defects of a `prove` run, each with the cases that noticed it. */
  readonly defects: readonly DefectResult[];
  /** The sets of quirks of a `prove --quirks` run; absent in others. */
  readonly quirks?: readonly QuirksResult[] | undefined;
  /** The measurements; for a `load` run only. */
  readonly load?: LoadResult;
}
