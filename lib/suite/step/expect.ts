import { fieldsOf } from "../field/fields.ts";
import { outcomeSchema, readExpected } from "./expected.ts";
import { mapOutcome, type Outcome } from "./outcome.ts";
import type { Value } from "../../spec/value.ts";
import type { DialectWords, StepBase, Verb } from "./verb.ts";

/** Expects any one of `outcomes` on the lane. `as` names the received one for later steps. */
export interface ExpectStep extends StepBase {
  readonly kind: "expect";
  readonly lane: string;
  readonly outcomes: readonly Outcome[];
  readonly within?: Value | undefined;
  readonly as?: string | undefined;
}

/** `sub <- PUBLISH: { topic: a }`, `dte <- OK`, `a <- one of: [PINGRESP, closed]` */
export const expect: Verb<ExpectStep> = {
  kind: "expect",
  about: "the lane expects",
  written: [],
  arrow: "<-",
  line: () => ({ read: readExpected, schema: outcomeSchema }),
  map: (step, { lane, value }) => ({
    ...step,
    lane: lane(step.lane),
    outcomes: step.outcomes.map((outcome) => mapOutcome(outcome, value)),
    within: step.within && value(step.within),
  }),
  names: ({ as, outcomes }) => as === undefined ? [] : [{ name: as, fields: capturedFields(outcomes) }],
  operations: ({ outcomes }) =>
    outcomes.flatMap((outcome) => outcome.kind === "operation" ? [outcome.name] : []),
  inDialect: (step, dialect) => {
    const outcomes = step.outcomes.flatMap((outcome) => indication(outcome, dialect));
    // What a module does not tell is not waited for.
    return outcomes.length === 0 ? [] : [{ ...step, outcomes }];
  },
  takesTime: ({ within }) => within !== undefined,
};

/** Whether a step is an expectation. */
export function isExpect(step: StepBase): step is ExpectStep {
  return step.kind === "expect";
}

function indication(outcome: Outcome, dialect: DialectWords): readonly Outcome[] {
  if (outcome.kind !== "operation") return [outcome];
  const [only] = dialect.steps(outcome.name, outcome.fields);
  if (!only || !isExpect(only)) return [];
  return only.outcomes.map((each) => ({ ...each, place: outcome.place }));
}

/** The fields of a captured outcome; `type` is the kind of outcome, `size` the size of a packet in bytes. */
function capturedFields(outcomes: readonly Outcome[]): ReadonlySet<string> {
  const names = new Set(["type"]);
  for (const outcome of outcomes) {
    switch (outcome.kind) {
      case "packet":
        names.add("size");
        for (const [name, field] of fieldsOf(outcome.type)) if (field.short === undefined) names.add(name);
        break;
      case "final":
      case "result":
        names.add("0");
        break;
      case "line":
        names.add("text");
    }
  }
  return names;
}
