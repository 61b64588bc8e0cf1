/** What a verb of the suite language is made of. Each verb is a file beside this one and a line in `verbs.ts`. */
import type { ProtocolVersion } from "../../mqtt/packet.ts";
import type { Definitions, Form, Json, Report } from "../../spec/form.ts";
import type { Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import type { Value } from "../../spec/value.ts";
import type { Fields } from "../field/kind.ts";

/** What every step knows of itself. */
export interface StepBase {
  /** The name of its verb. */
  readonly kind: string;
  readonly place: Place;
  /** The step as one line of source, for reports. */
  readonly source: string;
  /** The opening it came from. */
  readonly opening?: string | undefined;
}

/** What a verb's own form reads of a step. */
export type Said<S extends StepBase> = Omit<S, keyof StepBase>;

/** The forms that a verb's own form is put together from. */
export interface Grammar {
  /** The name of a lane. */
  readonly lane: Form<string>;
  /** One step. */
  readonly step: Form<StepBase>;
  /** A list of steps. */
  readonly steps: Form<readonly StepBase[]>;
  /** The text of a node as one line of source. */
  readonly sourceOf: (node: Node) => string;
}

/** A way to write something, and what that means, for the reference. */
export type Written = readonly [example: string, about: string];

/** What stands on both sides of an arrow: `pub -> PUBLISH: {…}`. */
export interface Line {
  readonly lane: string;
  /** The text behind the arrow, such as `PUBLISH`. */
  readonly what: string;
  /** Where that text stands. */
  readonly place: Place;
  /** What stands behind the colon. */
  readonly node: Node | undefined;
}

/** A step that is written with an arrow. */
export interface LineForm<T> {
  read(line: Line, report: Report): T | undefined;
  /** Its schemas by the pattern of its line. */
  schema(definitions: Definitions): { readonly [pattern: string]: Json };
}

/** What a step is taken apart by: each of its parts is replaced by what these give. */
export interface Parts {
  readonly value: (value: Value) => Value;
  readonly lane: (lane: string) => string;
  readonly steps: (steps: readonly StepBase[]) => readonly StepBase[];
}

/** A name that a step gives to something. */
export interface GivenName {
  readonly name: string;
  /** The fields that later steps can ask for; `0` stands for any number. */
  readonly fields: ReadonlySet<string>;
}

/** The words of a dialect for operations. */
export interface DialectWords {
  /**
   * The steps of an operation with its fields filled in; none for an operation that it does not have. `attempt`: a refusal
   * will do too.
   */
  steps(operation: string, fields: Fields, attempt?: boolean): readonly StepBase[];
}

/**
 * A verb of the suite language: what a step of its kind says. What such a step does is the file of the same name in
 * `lib/play/step`.
 */
export interface Verb<S extends StepBase = StepBase> {
  /** Its name: its key in a file, unless it is written with an arrow or not written at all. */
  readonly kind: S["kind"];
  /** What it does, in one phrase for the reference and for the schema. */
  readonly about: string;
  /** How it is written, and what that does where it differs from `about`. */
  readonly written: readonly (readonly [example: string, does?: string])[];
  /** What stands behind its key. */
  form?(grammar: Grammar): Form<Said<S>>;
  /** Of a verb that is written with an arrow. `word`: it is only for lines with this word behind the arrow. */
  readonly arrow?: "->" | "<-";
  readonly word?: string;
  line?(): LineForm<Said<S>>;
  /** The step with its parts replaced. Lanes, values and inner steps are found by it too. */
  map(step: S, parts: Parts): S;
  /** The names that it gives. */
  names?(step: S): readonly GivenName[];
  /** The operations that it names. */
  operations?(step: S): readonly string[];
  /** The step in the commands of a dialect that has all its operations. */
  inDialect?(step: S, dialect: DialectWords): readonly StepBase[];
  /** Whether it may spend time waiting, so that its case is begun early. */
  takesTime?(step: S): boolean;
  /** Its lane has a connection from here on. */
  readonly connects?: true;
  /** It disturbs what runs beside it, so that its case must be `exclusive`. */
  readonly disturbs?: true;
  /** The version that its lane speaks from here on, where that may be another than the case's. */
  speaks?(step: S): ProtocolVersion | undefined;
  /** What attest must be able to do with the target. */
  readonly needs?: "restart";
}
