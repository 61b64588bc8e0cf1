import { type Level, LEVELS } from "../ground/level.ts";
import type { ParameterClass } from "../ground/parameter_class.ts";
import type { LoadEvent } from "./load_event.ts";
import type { IdentityTold, TargetKind, TargetStarted, TimeEstimated } from "./target_event.ts";

export {
  type IdentityTold,
  type ProtocolClaims,
  TARGET_KINDS,
  type TargetKind,
  type TargetStarted,
  type TimeEstimated,
  VALUE_SOURCES,
  type ValueSource,
  type ValueUsed,
} from "./target_event.ts";

/**
 * The events of a run as plain values, which are the lines of the journal. A journal contains everything that
 * a report needs, including clause texts, so it renders the same after the suites have changed.
 */

/**
 * The verdicts of ISO/IEC 9646, plus `skip` for what the target does not claim and `error` for a broken
 * harness or link.
 */
export const VERDICTS = ["pass", "fail", "inconclusive", "skip", "error"] as const;
/** One of {@link VERDICTS}. */
export type Verdict = (typeof VERDICTS)[number];

export { type Level, LEVELS };

/** The first line of a journal. */
export interface RunStarted {
  /** The kind of this event. */
  readonly kind: "run-started";
  /** The version of the journal format. */
  readonly format: 1;
  /** attest's own version. */
  readonly attest: string;
  /** What runs: cases, a load, or a proof. */
  readonly what: "conform" | "load" | "prove";
  /** The seed of every random choice; 0 to 4,294,967,295. */
  readonly seed: number;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  /** The command line with secrets masked. */
  readonly command: readonly string[];
  /** Runtime and machine, for the reader: `{ deno: "2.9.6", os: "linux", ... }`. */
  readonly environment: Readonly<Record<string, string>>;
  /** The number of planned case runs; for a timed run those of one round. */
  readonly planned: number;
  /** How long the cases are repeated on each target, in milliseconds. */
  readonly lastsMs?: number | undefined;
  /** Who runs it, according to the user. */
  readonly operator?: string | undefined;
  /** For whom it is run, according to the user. */
  readonly customer?: string | undefined;
  /** What the clients of the run announce where a case does not: `Receive Maximum 3, Topic Alias Maximum 5`. */
  readonly announces?: string | undefined;
  /** Whether identifiers, names and passwords are masked in all later events. */
  readonly masked?: true | undefined;
}

/** The kinds of files that a run uses. */
export const SOURCE_KINDS = ["suite", "openings", "dialect", "target", "expectations"] as const;
/** One of {@link SOURCE_KINDS}. */
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** A file that the run used; its hash shows later whether it has changed. */
export interface SourceListed {
  /** The kind of this event. */
  readonly kind: "source";
  /** The kind of the file. */
  readonly what: SourceKind;
  /** The path of the file. */
  readonly file: string;
  /** SHA-256 of its bytes, in hex. */
  readonly sha256: string;
}

/** One normative statement that this run could cover. */
export interface ClauseListed {
  /** The kind of this event. */
  readonly kind: "clause";
  /** `3.1`, `3.1.1`, `5.0`, or `ECMT` for the command manual. */
  readonly protocol: string;
  /** `MQTT-4.3.3-2`, `ECMT-PUB-U3`. */
  readonly clause: string;
  /** The requirement in our own words. */
  readonly text: string;
  /** The section of the standard that contains the clause. */
  readonly section?: string | undefined;
  /** The kind of target whose cases must account for it; absent in journals of attest 0.1. */
  readonly tests?: TargetKind | undefined;
  /** Why none of its cases can cover it. */
  readonly uncovered?: string | undefined;
}

/** One class of one parameter in the grammar of a command set, which the run's cases could test. */
export interface LimitListed extends ParameterClass {
  /** The kind of this event. */
  readonly kind: "limit";
  /** The command set: `ECMT`. */
  readonly protocol: string;
  /** Why no case tests it. */
  readonly uncovered?: string | undefined;
}

/** A case begins. `n` names this execution in the events that follow. */
export interface CaseStarted {
  /** The kind of this event. */
  readonly kind: "case-started";
  /** When it happened, in milliseconds since the start of the run, like every `t`. */
  readonly t: number;
  /** The number of this execution, counted from 1 in the run. */
  readonly n: number;
  /** `suite/case`, followed by `[row]` for a row of a table or matrix. */
  readonly id: string;
  /** The name of its suite. */
  readonly suite: string;
  /** What it proves, in one sentence. */
  readonly purpose: string;
  /** The name of the target. */
  readonly target: string;
  /** `3.1.1`, …, or `ECMT`. */
  readonly protocol: string;
  /** What a violation of its clauses means: `must`, `should` or `may`. */
  readonly level: Level;
  /** The clauses that it covers, in this protocol. */
  readonly covers: readonly string[];
  /** Its tags. */
  readonly tags: readonly string[];
  /** The path of its suite file. */
  readonly file: string;
  /** The line in the file, counted from 1. */
  readonly line: number;
  /** The lanes in the order of their columns; the target's own column is called `target`. */
  readonly lanes: readonly string[];
  /** For a boundary case: what it tests. */
  readonly tried?: ParameterClass | undefined;
  /** The round, counted from 1, with `--repeat`. */
  readonly iteration?: number | undefined;
  /** Which of its runs alone this is, counted from 1, if it ran beside other cases before. */
  readonly alone?: number | undefined;
}

/** An arrow or a note of the sequence chart. */
export interface ChartEntry {
  /** The kind of this event. */
  readonly kind: "chart";
  /** When it happened, in milliseconds since the start of the run. */
  readonly t: number;
  /** The number of the execution of the case, from {@link CaseStarted}. */
  readonly n: number;
  /** The lane that sent or received it, or that the note is about. */
  readonly lane: string;
  /**
   * `sent` by the lane to the target, `received` by the lane from the target, `note` for anything that is not
   * a packet.
   */
  readonly direction: "sent" | "received" | "note";
  /** One line: `PUBLISH q2 id=7 "a/b" "hello"`, `AT+ECMTOPEN=0,"h",1883`, `connection closed by peer`. */
  readonly text: string;
  /** The bytes in hex, cut; `size` is their full number. */
  readonly hex?: string | undefined;
  /** The number of bytes. */
  readonly size?: number | undefined;
  /** Broken encoding rules found in it, each with its clause and byte offset. */
  readonly violations?: readonly string[] | undefined;
  /** Whether it belongs to something other than this case, and was ignored. */
  readonly foreign?: boolean | undefined;
  /** The index of the step that it belongs to. */
  readonly step?: number | undefined;
}

/** A step has ended. A step of an opening has the opening's name. */
export interface StepEnded {
  /** The kind of this event. */
  readonly kind: "step";
  /** When it happened, in milliseconds since the start of the run. */
  readonly t: number;
  /** The number of the execution of the case, from {@link CaseStarted}. */
  readonly n: number;
  /** The index of the step among those of the case, including openings, counted from 0. */
  readonly index: number;
  /** The source line of the step. */
  readonly source: string;
  /** The path of the file. */
  readonly file: string;
  /** The line in the file, counted from 1. */
  readonly line: number;
  /** The column in the line, counted from 1. */
  readonly column: number;
  /** The name of the opening that it is a step of. */
  readonly opening?: string | undefined;
  /** Whether the step succeeded. */
  readonly outcome: "done" | "failed";
}

/** A clause that a failure breaks. */
export interface BrokenClause {
  /** Its number. */
  readonly clause: string;
  /** The requirement. */
  readonly text: string;
  /** It states the rule that the packet breaks; otherwise it is what the case is about. */
  readonly ofRule?: true | undefined;
}

/** Why a case did not pass: everything that a reader needs who has only the report. */
export interface Failure {
  /** One sentence. */
  readonly message: string;
  /** The path of the file. */
  readonly file: string;
  /** The line in the file, counted from 1. */
  readonly line: number;
  /** The column in the line, counted from 1. */
  readonly column: number;
  /** The source line of the step. */
  readonly source: string;
  /** What was expected, for the reader. */
  readonly expected?: string | undefined;
  /** What was received, for the reader. */
  readonly got?: string | undefined;
  /** The received bytes in hex, cut. */
  readonly hex?: string | undefined;
  /** The rules of MQTT that the packet itself breaks, whatever the case is about: `utf8-surrogate`. */
  readonly rules?: readonly string[] | undefined;
  /** The clauses that are broken, with their requirement; those of the rules first, and marked. */
  readonly clauses: readonly BrokenClause[];
  /** The variables of the case and their values, for the reader. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A known deviation of a case. */
export interface Expected {
  /** The expected verdict. */
  readonly verdict: Verdict;
  /** Why it is known, according to the expectation file. */
  readonly reason: string;
  /** Whether it occurs in some runs only. */
  readonly sometimes?: true | undefined;
}

/** A case has ended, with its verdict. */
export interface CaseEnded {
  /** The kind of this event. */
  readonly kind: "case-ended";
  /** When it happened, in milliseconds since the start of the run. */
  readonly t: number;
  /** The number of the execution of the case, from {@link CaseStarted}. */
  readonly n: number;
  /** The verdict. */
  readonly verdict: Verdict;
  /** One sentence; always present unless the verdict is pass. */
  readonly reason?: string | undefined;
  /** Where and why it did not pass; absent if it passed. */
  readonly failure?: Failure | undefined;
  /** Violated `should` and `may` clauses, and remarks. */
  readonly warnings: readonly string[];
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** The deviation that the expectation file lists for this case. */
  readonly expected?: Expected | undefined;
  /** Whether the case failed beside other cases and passes alone. */
  readonly onlyBesideOthers?: true | undefined;
  /** For a case skipped because the target does not claim a feature: the feature's name. */
  readonly lacks?: string | undefined;
  /** For a case skipped because it would exceed what the target announced: the conversation rule. */
  readonly limit?: string | undefined;
  /** For a case skipped because it needs more than the target accepts: the name of the capacity. */
  readonly beyond?: string | undefined;
  /** Whether the case runs again; only its last run counts. */
  readonly unconfirmed?: true | undefined;
}

/** One defect against all cases, in a `prove` run. */
export interface DefectTried {
  /** The kind of this event. */
  readonly kind: "defect";
  /** When it happened, in milliseconds since the start of the run. */
  readonly t: number;
  /** The name of the target. */
  readonly target: string;
  /** The id of the defect. */
  readonly defect: string;
  /** What the defect does. */
  readonly description: string;
  /** The cases whose verdict it turns to `fail` (or `error`). */
  readonly noticedBy: readonly string[];
}

/** A set of lawful peculiarities against the cases that can encounter it, in a `prove --quirks` run. */
export interface QuirksTried {
  /** The kind of this event. */
  readonly kind: "quirks";
  /** When it happened, in milliseconds since the start of the run. */
  readonly t: number;
  /** The name of the target. */
  readonly target: string;
  /** The quirk's id, or the name of a set. */
  readonly name: string;
  /** The quirks of the set, each with its description. */
  readonly quirks: readonly { readonly id: string; readonly about: string }[];
  /** The number of case runs. */
  readonly cases: number;
  /** The number of skipped case runs among `cases`. */
  readonly skipped: number;
  /** The number of undecided case runs among `cases`. */
  readonly undecided: number;
  /** The case runs that failed or could not run. */
  readonly failing: readonly { readonly id: string; readonly protocol: string }[];
  /** How many case runs failed beside other implementations and passed without them; absent for none. */
  readonly onlyBesideOthers?: number;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** The last line of a complete journal. */
export interface RunEnded {
  /** The kind of this event. */
  readonly kind: "run-ended";
  /** When it happened, in milliseconds since the start of the run. */
  readonly t: number;
  /** Whether the user stopped it. */
  readonly interrupted: boolean;
  /** The exit status: 0, 1, 2, 3 or 130. */
  readonly exit: number;
  /** Why the harness stopped, if not because all cases had run. */
  readonly reason?: string | undefined;
}

/** A line of the journal. */
export type RunEvent =
  | RunStarted
  | ClauseListed
  | LimitListed
  | SourceListed
  | IdentityTold
  | TargetStarted
  | TimeEstimated
  | CaseStarted
  | ChartEntry
  | StepEnded
  | CaseEnded
  | DefectTried
  | QuirksTried
  | LoadEvent
  | RunEnded;
