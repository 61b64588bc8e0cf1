/** The parts of a verb in the suite language. Each verb is a file beside this one and a line in `verbs.ts`. */
import type { ProtocolVersion } from "../../mqtt/packet.ts";
import type { Definitions, Form, Json, Report } from "../../spec/form.ts";
import type { Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import type { Value } from "../../spec/value.ts";
import type { Fields } from "../field/kind.ts";

/** The fields of every step. */
export interface StepBase {
  /** The name of its verb. */
  readonly kind: string;
  readonly place: Place;
  /** The step as one line of source, for reports. */
  readonly source: string;
  /** The opening that it came from. */
  readonly opening?: string | undefined;
}

/** The fields of a step that its verb's own form reads. */
export type Said<S extends StepBase> = Omit<S, keyof StepBase>;

/** The forms that a verb combines into its own form. */
export interface Grammar {
  /** The name of a lane. */
  readonly lane: Form<string>;
  /** One step. */
  readonly step: Form<StepBase>;
  /** A list of steps. */
  readonly steps: Form<readonly StepBase[]>;
  /** Returns the text of a node as one line of source. */
  readonly sourceOf: (node: Node) => string;
}

/** An example of how to write something, and its meaning, for the reference page. */
export type Written = readonly [example: string, about: string];

/** The two sides of an arrow: `pub -> PUBLISH: {…}`. */
export interface Line {
  readonly lane: string;
  /** The text after the arrow, such as `PUBLISH`. */
  readonly what: string;
  /** The place of that text. */
  readonly place: Place;
  /** The value after the colon. */
  readonly node: Node | undefined;
}

/** A step written with an arrow. */
export interface LineForm<T> {
  read(line: Line, report: Report): T | undefined;
  /** Returns its schemas by the pattern of its line. */
  schema(definitions: Definitions): { readonly [pattern: string]: Json };
}

/** The replacements for the parts of a step. */
export interface Parts {
  readonly value: (value: Value) => Value;
  readonly lane: (lane: string) => string;
  readonly steps: (steps: readonly StepBase[]) => readonly StepBase[];
}

/** A name that a step assigns. */
export interface GivenName {
  readonly name: string;
  /** The fields that later steps can use; `0` stands for any number. */
  readonly fields: ReadonlySet<string>;
}

/** The steps of a dialect's operations. */
export interface DialectWords {
  /**
   * The steps of an operation with its fields filled in; none for an operation that it does not have. `attempt`: a refusal is
   * allowed too.
   */
  steps(operation: string, fields: Fields, attempt?: boolean): readonly StepBase[];
}

/**
 * A verb of the suite language: the meaning of its steps. The file of the same name in `lib/play/step`
 * executes them.
 */
export interface Verb<S extends StepBase = StepBase> {
  /** Its name, which is its key in a file unless it has an arrow or is not written at all. */
  readonly kind: S["kind"];
  /** What it does, in one phrase for the reference page and the schema. */
  readonly about: string;
  /** How to write it, and what each form does if that differs from `about`. */
  readonly written: readonly (readonly [example: string, does?: string])[];
  /** Returns the form of the value of its key. */
  form?(grammar: Grammar): Form<Said<S>>;
  /** Set for a verb with an arrow. `word`: only for lines with this word after the arrow. */
  readonly arrow?: "->" | "<-";
  readonly word?: string;
  line?(): LineForm<Said<S>>;
  /** Replaces the parts of a step. Lanes, values and inner steps are collected through it too. */
  map(step: S, parts: Parts): S;
  /** Returns the names that a step assigns. */
  names?(step: S): readonly GivenName[];
  /** Returns the operations that a step names. */
  operations?(step: S): readonly string[];
  /** Writes a step in the commands of a dialect, which must have all its operations. */
  inDialect?(step: S, dialect: DialectWords): readonly StepBase[];
  /** Whether a step may wait for some time; its case then starts early. */
  takesTime?(step: S): boolean;
  /** Set if its lane has a connection from here on. */
  readonly connects?: true;
  /** Set if it disturbs other running cases, so its case must be `exclusive`. */
  readonly disturbs?: true;
  /** Returns the version that its lane speaks from here on, if that may differ from the case's. */
  speaks?(step: S): ProtocolVersion | undefined;
  /** What attest must be able to do with the target. */
  readonly needs?: "restart";
}
