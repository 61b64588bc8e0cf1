import type { Value } from "../../spec/value.ts";
import type { DialectWords, Parts, StepBase, Verb } from "./verb.ts";
import * as verbs from "./verbs.ts";

/** One line of a conversation: a step of any verb. */
export type Step = StepOf<(typeof verbs)[keyof typeof verbs]>;
type StepOf<V> = V extends Verb<infer S> ? S : never;

/** The verbs by name. */
export const VERBS: ReadonlyMap<string, Verb> = new Map(
  Object.values<Verb>(verbs).map((verb) => [verb.kind, verb]),
);

/** Returns the verb of a step. Throws a TypeError for an unknown verb. */
export function verbOf(step: StepBase): Verb {
  const verb = VERBS.get(step.kind);
  if (verb) return verb;
  throw new TypeError(`unknown verb "${step.kind}"`);
}

/** Whether the step's verb is in the table, as for every step read from a file. */
export function isStep(step: StepBase): step is Step {
  return VERBS.has(step.kind);
}

/** Yields the steps and their inner steps, in order. */
export function* eachStep(steps: readonly StepBase[]): Generator<Step> {
  for (const step of steps) {
    if (isStep(step)) yield step;
    yield* eachStep(innerSteps(step));
  }
}

/** Returns the inner steps of a step. */
export function innerSteps(step: StepBase): readonly StepBase[] {
  const inner: StepBase[] = [];
  look(step, { steps: (steps) => (inner.push(...steps), steps) });
  return inner;
}

/** Returns the values of a step itself, without those of its inner steps. */
export function valuesOf(step: StepBase): readonly Value[] {
  const values: Value[] = [];
  look(step, { value: (value) => (values.push(value), value) });
  return values;
}

/** Returns the lanes that a step itself names. */
export function lanesIn(step: StepBase): readonly string[] {
  const lanes: string[] = [];
  look(step, { lane: (lane) => (lanes.push(lane), lane) });
  return lanes;
}

/** Returns the lanes of the steps in order of first use. */
export function lanesOf(steps: readonly StepBase[]): readonly string[] {
  const lanes = new Set<string>();
  for (const step of eachStep(steps)) for (const lane of lanesIn(step)) lanes.add(lane);
  return [...lanes];
}

/** Returns the operations that a step itself names. */
export function operationsIn(step: StepBase): readonly string[] {
  return verbOf(step).operations?.(step) ?? [];
}

/** The replacements for the parts of a step and its inner steps, and their new marks. */
export interface Rewriting {
  readonly value: (value: Value) => Value;
  readonly lane?: (lane: string) => string;
  /** The opening that the step now belongs to. */
  readonly opening?: string | undefined;
}

/** Replaces the values and lanes of a step and of its inner steps. */
export function rewriteStep(step: StepBase, by: Rewriting): StepBase {
  const { value, lane = same } = by;
  const steps = (inner: readonly StepBase[]) => inner.map((each) => rewriteStep(each, by));
  return { ...mapped(step, { value, lane, steps }), opening: by.opening };
}

/** The step with the lists of steps in it replaced. */
export function withInnerSteps(
  step: StepBase,
  steps: (inner: readonly StepBase[]) => readonly StepBase[],
): StepBase {
  return mapped(step, { ...SAME, steps });
}

/** Steps in the commands of a dialect that has all their operations. */
export function stepsInDialect(steps: readonly StepBase[], dialect: DialectWords): readonly StepBase[] {
  const inner = (steps: readonly StepBase[]) => stepsInDialect(steps, dialect);
  return steps.flatMap((step) =>
    verbOf(step).inDialect?.(step, dialect) ?? [mapped(step, { ...SAME, steps: inner })]
  );
}

const same = <T>(part: T): T => part;
const SAME: Parts = { value: same, lane: same, steps: same };

function look(step: StepBase, parts: Partial<Parts>): void {
  mapped(step, { ...SAME, ...parts });
}

function mapped(step: StepBase, parts: Parts): StepBase {
  return verbOf(step).map(step, parts);
}
