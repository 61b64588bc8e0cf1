import { type Level, LEVELS } from "../ground/level.ts";
import type { ParameterClass } from "../ground/parameter_class.ts";
import type { LoadEvent } from "./load_event.ts";

/**
 * What happens in a run, as plain values: the lines of the journal. A journal holds all that a report needs, clause
 * texts too, so that it renders the same when the suites have moved on.
 */

/** ISO/IEC 9646's verdicts, with `skip` for what the target does not claim and `error` for a broken harness or link. */
export const VERDICTS = ["pass", "fail", "inconclusive", "skip", "error"] as const;
/** One of {@link VERDICTS}. */
export type Verdict = (typeof VERDICTS)[number];

export { type Level, LEVELS };

/** What a target is. */
export const TARGET_KINDS = ["broker", "module", "client"] as const;
/** One of {@link TARGET_KINDS}. */
export type TargetKind = (typeof TARGET_KINDS)[number];

/** The first line of a journal. */
export interface RunStarted {
  /** Says which event this is. */
  readonly kind: "run-started";
  /** The version of the journal's form. */
  readonly format: 1;
  /** attest's own version. */
  readonly attest: string;
  /** What is run: cases, a load, or a proof. */
  readonly what: "conform" | "load" | "prove";
  /** Every random choice follows from it; 0 to 4,294,967,295. */
  readonly seed: number;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  /** The command line as typed, secrets masked. */
  readonly command: readonly string[];
  /** Runtime and machine, for the reader: `{ deno: "2.9.6", os: "linux", ... }`. */
  readonly environment: Readonly<Record<string, string>>;
  /** How many case runs are planned; of a run that lasts for a time, those of one round. */
  readonly planned: number;
  /** How long the cases are run again on each target, in milliseconds. */
  readonly lastsMs?: number | undefined;
  /** Who runs it, as the user says. */
  readonly operator?: string | undefined;
  /** For whom it is run, as the user says. */
  readonly customer?: string | undefined;
  /** Identifiers, names and passwords are masked in all that follows. */
  readonly masked?: true | undefined;
}

/** The kinds of files that a run is made from. */
export const SOURCE_KINDS = ["suite", "openings", "dialect", "target", "expectations"] as const;
/** One of {@link SOURCE_KINDS}. */
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** A file that the run was made from; its hash shows later whether it has changed. */
export interface SourceListed {
  /** Says which event this is. */
  readonly kind: "source";
  /** Which kind of file it is. */
  readonly what: SourceKind;
  /** The path of the file. */
  readonly file: string;
  /** SHA-256 of its bytes, in hex. */
  readonly sha256: string;
}

/** A module has identified itself. */
export interface IdentityTold {
  /** Says which event this is. */
  readonly kind: "identity";
  /** When it happened, in milliseconds since the run began. */
  readonly t: number;
  /** The name of the target. */
  readonly target: string;
  /** `manufacturer`, `model`, `revision`, `serial`: what it said. */
  readonly identity: Readonly<Record<string, string>>;
  /** The parts that it was asked for and did not tell. */
  readonly untold: readonly string[];
}

/** One normative statement that this run could cover. */
export interface ClauseListed {
  /** Says which event this is. */
  readonly kind: "clause";
  /** `3.1`, `3.1.1`, `5.0`, or `ECMT` for the command manual. */
  readonly protocol: string;
  /** `MQTT-4.3.3-2`, `ECMT-PUB-U3`. */
  readonly clause: string;
  /** The requirement in our words. */
  readonly text: string;
  /** The section of the standard that the clause stands in. */
  readonly section?: string | undefined;
  /** The kind of target whose cases have to account for it; absent in journals of attest 0.1. */
  readonly tests?: TargetKind | undefined;
  /** Why none of its cases can cover it. */
  readonly uncovered?: string | undefined;
}

/** One class of one parameter that the grammar of a command set has, and that the run's cases could try. */
export interface LimitListed extends ParameterClass {
  /** Says which event this is. */
  readonly kind: "limit";
  /** The command set: `ECMT`. */
  readonly protocol: string;
  /** Why no case tries it. */
  readonly uncovered?: string | undefined;
}

/** What a target claims in one protocol. */
export interface ProtocolClaims {
  /** The protocol: `3.1`, `3.1.1`, `5.0`, or that of a command set. */
  readonly protocol: string;
  /** The features that it claims. */
  readonly supports: readonly string[];
  /** The features that attest has asked for and that are not claimed. */
  readonly lacks?: readonly string[] | undefined;
  /** How much it takes, as a target file says it, `64` or `at least 1000`, by the name of the capacity. */
  readonly capacities: Readonly<Record<string, string>>;
  /** How attest has found each claim that it has asked for, by the name of the feature or capacity. */
  readonly found?: Readonly<Record<string, string>> | undefined;
}

/** A target is reached and ready. */
export interface TargetStarted {
  /** Says which event this is. */
  readonly kind: "target-started";
  /** When it happened, in milliseconds since the run began. */
  readonly t: number;
  /** The name of the target. */
  readonly name: string;
  /** Where it was reached, as an address. */
  readonly address: string;
  /** The features that it claims in any protocol. */
  readonly supports: readonly string[];
  /** The protocols that it speaks. */
  readonly protocols: readonly string[];
  /** What it claims in each protocol, where that differs or attest has asked for it. */
  readonly claims?: readonly ProtocolClaims[] | undefined;
  /** How long attest has asked for its claims, in milliseconds. */
  readonly askedMs?: number | undefined;
  /** What it says of its version. */
  readonly version?: string | undefined;
  /** Whether it is a broker or a module. */
  readonly tests?: TargetKind | undefined;
  /** The measured round trip to a broker in milliseconds, where it is worth waiting for. */
  readonly roundTripMs?: number | undefined;
  /** What a module said of itself: manufacturer, model, revision. */
  readonly identity?: Readonly<Record<string, string>> | undefined;
}

/** A case begins. `n` names this execution in the events that follow. */
export interface CaseStarted {
  /** Says which event this is. */
  readonly kind: "case-started";
  /** Milliseconds since the run began, as all `t`. */
  readonly t: number;
  /** The number of this execution, counted from 1 over the run. */
  readonly n: number;
  /** `suite/case`, with `[row]` behind it for a row of a table or matrix. */
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
  /** Of a boundary case: what it tries. */
  readonly tried?: ParameterClass | undefined;
  /** Counted from 1 with `--repeat`. */
  readonly iteration?: number | undefined;
  /** Which of its runs alone this is, counted from 1, where it ran beside others before. */
  readonly alone?: number | undefined;
}

/** An arrow or a note of the sequence chart. */
export interface ChartEntry {
  /** Says which event this is. */
  readonly kind: "chart";
  /** When it happened, in milliseconds since the run began. */
  readonly t: number;
  /** The number of the execution of the case, from {@link CaseStarted}. */
  readonly n: number;
  /** The lane that sent or received it, or that the note is about. */
  readonly lane: string;
  /** `sent` from the lane to the target, `received` by the lane from it, `note` for what is no packet. */
  readonly direction: "sent" | "received" | "note";
  /** One line: `PUBLISH q2 id=7 "a/b" "hello"`, `AT+ECMTOPEN=0,"h",1883`, `connection closed by peer`. */
  readonly text: string;
  /** The bytes in hex, cut; `size` is their true number. */
  readonly hex?: string | undefined;
  /** The number of bytes. */
  readonly size?: number | undefined;
  /** Broken encoding rules found in it, each with its clause and byte offset. */
  readonly violations?: readonly string[] | undefined;
  /** Recorded and passed over: not of this case. */
  readonly foreign?: boolean | undefined;
  /** The step (index among the case's steps) that it belongs to. */
  readonly step?: number | undefined;
}

/** A step has ended. A step of an opening carries the opening's name. */
export interface StepEnded {
  /** Says which event this is. */
  readonly kind: "step";
  /** When it happened, in milliseconds since the run began. */
  readonly t: number;
  /** The number of the execution of the case, from {@link CaseStarted}. */
  readonly n: number;
  /** The index of the step among those of the case, openings included; counted from 0. */
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
  /** Whether what the step asks for came about. */
  readonly outcome: "done" | "failed";
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
  /** What came, for the reader. */
  readonly got?: string | undefined;
  /** The bytes of what came, in hex, cut. */
  readonly hex?: string | undefined;
  /** The rules of MQTT that the packet itself breaks, whatever the case is about: `utf8-surrogate`. */
  readonly rules?: readonly string[] | undefined;
  /** The clauses that are broken, with their requirement; those of the rules first. */
  readonly clauses: readonly { readonly clause: string; readonly text: string }[];
  /** The variables of the case and their values, for the reader. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A deviation that is known of a case. */
export interface Expected {
  /** The verdict that is expected. */
  readonly verdict: Verdict;
  /** Why it is known, as the expectation file says. */
  readonly reason: string;
  /** It shows in some runs only. */
  readonly sometimes?: true | undefined;
}

/** A case has ended, with its verdict. */
export interface CaseEnded {
  /** Says which event this is. */
  readonly kind: "case-ended";
  /** When it happened, in milliseconds since the run began. */
  readonly t: number;
  /** The number of the execution of the case, from {@link CaseStarted}. */
  readonly n: number;
  /** The verdict. */
  readonly verdict: Verdict;
  /** One sentence; always there unless the verdict is pass. */
  readonly reason?: string | undefined;
  /** Where and why it did not pass; absent if it did. */
  readonly failure?: Failure | undefined;
  /** Missed `should` and `may`, and remarks. */
  readonly warnings: readonly string[];
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** The deviation that the expectation file lists for this case. */
  readonly expected?: Expected | undefined;
  /** The case failed beside others and passes alone. */
  readonly onlyBesideOthers?: true | undefined;
  /** Of a case that is skipped since the target does not claim a feature: its name. */
  readonly lacks?: string | undefined;
  /** Of a case that is skipped since it would go beyond what the target announced: the rule of the conversation. */
  readonly limit?: string | undefined;
  /** Of a case that is skipped since it needs more than the target takes: the name of the capacity. */
  readonly beyond?: string | undefined;
  /** The case runs again, and only its last run counts. */
  readonly unconfirmed?: true | undefined;
}

/** One defect against all cases, in a `prove` run. */
export interface DefectTried {
  /** Says which event this is. */
  readonly kind: "defect";
  /** When it happened, in milliseconds since the run began. */
  readonly t: number;
  /** The name of the target. */
  readonly target: string;
  /** The id of the defect. */
  readonly defect: string;
  /** What the defect does. */
  readonly description: string;
  /** The cases that turned to `fail` (or `error`) under it. */
  readonly noticedBy: readonly string[];
}

/** A set of lawful peculiarities against the cases that can meet it, in a `prove --quirks` run. */
export interface QuirksTried {
  /** Says which event this is. */
  readonly kind: "quirks";
  /** When it happened, in milliseconds since the run began. */
  readonly t: number;
  /** The name of the target. */
  readonly target: string;
  /** The quirk's id, or the name of several together. */
  readonly name: string;
  /** The quirks of the set, each with what it does. */
  readonly quirks: readonly { readonly id: string; readonly about: string }[];
  /** The case runs. */
  readonly cases: number;
  /** The case runs among `cases` that were skipped. */
  readonly skipped: number;
  /** The case runs among `cases` that decided nothing. */
  readonly undecided: number;
  /** The case runs that failed or could not be done. */
  readonly failing: readonly { readonly id: string; readonly protocol: string }[];
  /** How many case runs failed beside other implementations and passed without them; absent for none. */
  readonly onlyBesideOthers?: number;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** The last line of a whole journal. */
export interface RunEnded {
  /** Says which event this is. */
  readonly kind: "run-ended";
  /** When it happened, in milliseconds since the run began. */
  readonly t: number;
  /** Whether the user ended it. */
  readonly interrupted: boolean;
  /** The exit status: 0, 1, 2, 3 or 130. */
  readonly exit: number;
  /** Why the harness stopped, when it was not the end of the cases. */
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
  | CaseStarted
  | ChartEntry
  | StepEnded
  | CaseEnded
  | DefectTried
  | QuirksTried
  | LoadEvent
  | RunEnded;
