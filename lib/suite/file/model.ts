/**
 * A suite file as checked data. Names of lanes, packets and fields are valid; variables exist but get their
 * values only when a case runs.
 */
import type { Level } from "../../ground/level.ts";
import type { ParameterClass } from "../../ground/parameter_class.ts";
import type { Place } from "../../spec/place.ts";
import type { Value } from "../../spec/value.ts";
import type { Need } from "../claim/needs.ts";
import type { Step } from "../step/step.ts";

/** A feature that a target must claim, or must not; or a capacity whose exact amount must be known, or must not. */
export interface Requirement {
  readonly feature: string;
  /** The target must not claim it (`"!x"`). */
  readonly not?: true | undefined;
  /** Set if it is needed only in rows where this variable is not false. */
  readonly when?: string | undefined;
  readonly place: Place;
}

/** A class of a parameter in a command set's grammar; `uncovered` says why no case tests it. */
export interface LimitCell extends ParameterClass {
  readonly uncovered?: string | undefined;
}

/** One case, before or after its rows are expanded. */
export interface Case {
  /** `suite/case`, followed by `[row]` once expanded. */
  readonly id: string;
  readonly suite: string;
  readonly name: string;
  readonly purpose: string;
  readonly level: Level;
  /** The levels that differ in some protocols; see {@link levelIn}. */
  readonly levels: Readonly<Record<string, Level>>;
  readonly tags: readonly string[];
  /** Maps each protocol that the case runs in (`3.1.1`, `ECMT`, …) to its clauses. */
  readonly covers: Readonly<Record<string, readonly string[]>>;
  readonly protocols: readonly string[];
  readonly requires: readonly Requirement[];
  /** How much of the target's capacities it needs. */
  readonly needs: readonly Need[];
  /** The rules of MQTT that it breaks on purpose, by name or by a clause that states them. */
  readonly breaks: readonly string[];
  /** Whether it runs alone on its target. */
  readonly exclusive: boolean;
  /** The time limit for the whole case in ms, if it differs from the default. */
  readonly limit?: number | undefined;
  /** Why no defect can break this case, if that is so. */
  readonly unprovable?: string | undefined;
  /** For a boundary case: what it tests. */
  readonly tried?: ParameterClass | undefined;
  /** The variables of a row, and those that the suite's `values:` declares with defaults. */
  readonly variables: readonly (readonly [name: string, value: Value])[];
  readonly values: readonly (readonly [name: string, fallback: Value])[];
  /** The steps, starting with those of the openings. */
  readonly steps: readonly Step[];
  /** Lanes in the order of first use. */
  readonly lanes: readonly string[];
  readonly place: Place;
}

/** Returns the level of a case in a protocol. */
export function levelIn(one: Pick<Case, "level" | "levels">, protocol: string): Level {
  return one.levels[protocol] ?? one.level;
}

/** A complete suite with its cases expanded. */
export interface Suite {
  readonly name: string;
  readonly title: string;
  /** `broker` if its lanes are MQTT clients, `module` if they are `dte` and `broker`. */
  readonly tests: "broker" | "module";
  /** The dialect whose commands it types; absent for brokers, and for modules of every dialect. */
  readonly dialect?: string | undefined;
  readonly file: string;
  readonly cases: readonly Case[];
  /** For a suite derived from a grammar: everything that it could test. */
  readonly limits?: readonly LimitCell[] | undefined;
}
