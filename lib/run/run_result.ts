/** The types of what a run is folded into. */
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

/** One execution of a case, with all that was recorded of it. */
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
    /** Earlier executions whose failure was tried again alone: the one beside others first. */
    readonly earlier?: readonly EarlierRun[] | undefined;
  };

/** An execution of a case that did not count, since the case ran again alone. */
export interface EarlierRun {
  /** Which of its runs alone this was, counted from 1; absent where it ran beside others. */
  readonly alone?: number | undefined;
  /** The verdict. */
  readonly verdict: Verdict;
  /** Why it has this verdict, in one sentence. */
  readonly reason?: string | undefined;
  /** The steps that ended, in their order. */
  readonly steps: readonly StepEnded[];
  /** The sequence chart, in the order of time. */
  readonly chart: readonly ChartEntry[];
}

/** A target of the run, and the totals of its cases. */
export type TargetResult = Omit<TargetStarted, "kind" | "t"> & {
  readonly totals: Totals;
  /** What a module was asked about itself and did not tell. */
  readonly untold?: readonly string[];
};

/** A file that the run was made from. */
export type Source = Omit<SourceListed, "kind">;

/** A defect and the cases that noticed it. */
export type DefectResult = Omit<DefectTried, "kind" | "t">;

/** A set of quirks and what failed under it. */
export type QuirksResult = Omit<QuirksTried, "kind" | "t">;

/** A whole run as its events tell it. All reports are made from this. */
export interface RunResult {
  /** The attest that ran it. */
  readonly attest: { readonly version: string };
  /** What was run: cases, a load, or a proof. */
  readonly kind: RunStarted["what"];
  /** Every random choice follows from it; 0 to 4,294,967,295. */
  readonly seed: number;
  /** RFC 3339, UTC; empty when the journal has lost its first line. */
  readonly startedAt: string;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** The command line as typed, secrets masked. */
  readonly command: readonly string[];
  /** Runtime and machine, for the reader. */
  readonly environment: Readonly<Record<string, string>>;
  /** Who ran it, as the user says. */
  readonly operator?: string;
  /** For whom it is run, as the user says. */
  readonly customer?: string;
  /** Whether identifiers, names and passwords are masked. */
  readonly masked?: true;
  /** The files that it was made from. */
  readonly sources: readonly Source[];
  /** How many case runs were planned. */
  readonly planned: number;
  /** How many planned case runs were never begun. */
  readonly notRun: number;
  /** False when the journal ends before the run did. */
  readonly complete: boolean;
  /** Whether the user ended it. */
  readonly interrupted: boolean;
  /** Case runs that were not skipped, by the second; of a repeated run those of all rounds. */
  readonly casesPerSecond: number;
  /** The exit status that the run ended with, where it ended. */
  readonly exit?: number;
  /** Why the harness stopped, when it was not the end of the cases. */
  readonly reason?: string;
  /** Why nothing was judged, where the run ended well and no case, threshold or promise was. */
  readonly unjudged?: string;
  /** The targets that were reached or tried, in their order. */
  readonly targets: readonly TargetResult[];
  /** Of all case runs, also of those that `cases` does not hold. */
  readonly totals: Totals;
  /** The case runs; of a repeated run the first of each case, and at most 20 of each that did not come out well. */
  readonly cases: readonly CaseResult[];
  /** Cases that ran more than once, the flaky ones first; empty where none did. */
  readonly repeats: readonly RepeatedCase[];
  /** Each clause of the run, and what its cases say of it. */
  readonly coverage: readonly ClauseCoverage[];
  /** Command × parameter × class of the boundary cases; empty where none ran. */
  readonly limits: readonly LimitResult[];
  /** The defects of a `prove` run, each with the cases that noticed it. */
  readonly defects: readonly DefectResult[];
  /** The sets of quirks of a `prove --quirks` run; absent in others. */
  readonly quirks?: readonly QuirksResult[] | undefined;
  /** What was measured; of a `load` run only. */
  readonly load?: LoadResult;
}
