/**
 * A suite file as data, after it was read and found right. Names of lanes, packets and fields are checked; variables
 * are known to exist but get their values only when a case runs.
 */
import type { Level } from "../../ground/level.ts";
import type { ParameterClass } from "../../ground/parameter_class.ts";
import type { Place } from "../../spec/place.ts";
import type { Value } from "../../spec/value.ts";
import type { Need } from "../claim/needs.ts";
import type { Step } from "../step/step.ts";

/** A feature that a target must claim, or must not. */
export interface Requirement {
  readonly feature: string;
  /** The target must not claim it (`"!x"`). */
  readonly not?: true | undefined;
  /** It is needed only in rows where this variable is not false. */
  readonly when?: string | undefined;
  readonly place: Place;
}

/** A class that a command set's grammar has; `uncovered` says why no case tries it. */
export interface LimitCell extends ParameterClass {
  readonly uncovered?: string | undefined;
}

/** One case, before or after its rows are expanded. */
export interface Case {
  /** `suite/case`, with `[row]` behind it once expanded. */
  readonly id: string;
  readonly suite: string;
  readonly name: string;
  readonly purpose: string;
  readonly level: Level;
  /** The levels that differ in some protocols; see {@link levelIn}. */
  readonly levels: Readonly<Record<string, Level>>;
  readonly tags: readonly string[];
  /** Protocol (`3.1.1`, `ECMT`, …) to clauses; its keys are the protocols that the case runs in. */
  readonly covers: Readonly<Record<string, readonly string[]>>;
  readonly protocols: readonly string[];
  readonly requires: readonly Requirement[];
  /** How much it needs of the target's capacities. */
  readonly needs: readonly Need[];
  /** The rules of MQTT that it breaks on purpose, by their names or by clauses that state them. */
  readonly breaks: readonly string[];
  /** Runs alone on its target. */
  readonly exclusive: boolean;
  /** The hard limit for the whole case in ms, where it differs from the default. */
  readonly limit?: number | undefined;
  /** Why no defect can break this case, where that is so. */
  readonly unprovable?: string | undefined;
  /** Of a boundary case: what it tries. */
  readonly tried?: ParameterClass | undefined;
  /** Variables of a row, and what the suite's `values:` declares with its defaults. */
  readonly variables: readonly (readonly [name: string, value: Value])[];
  readonly values: readonly (readonly [name: string, fallback: Value])[];
  /** The openings' steps first. */
  readonly steps: readonly Step[];
  /** Lanes in the order of their first use. */
  readonly lanes: readonly string[];
  readonly place: Place;
}

/** How strongly a case binds in a protocol. */
export function levelIn(one: Pick<Case, "level" | "levels">, protocol: string): Level {
  return one.levels[protocol] ?? one.level;
}

/** A whole suite file, its cases expanded. */
export interface Suite {
  readonly name: string;
  readonly title: string;
  /** `broker` when its lanes are MQTT clients, `module` when they are `dte` and `broker`. */
  readonly tests: "broker" | "module";
  /** The dialect whose commands it types; absent for brokers, and for modules of every dialect. */
  readonly dialect?: string | undefined;
  readonly file: string;
  readonly cases: readonly Case[];
  /** Of a suite that follows from a grammar: all that it could try. */
  readonly limits?: readonly LimitCell[] | undefined;
}
