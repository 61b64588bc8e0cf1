import type { Place } from "../../spec/place.ts";
import { type Value, valueText } from "../../spec/value.ts";
import type { BranchStep } from "../step/branch.ts";
import { isExpect } from "../step/expect.ts";
import type { Outcome } from "../step/outcome.ts";
import { eachStep } from "../step/step.ts";
import type { StepBase } from "../step/verb.ts";

/** One of the allowed outcomes of a step, or one of the allowed values of a field. */
export interface Member {
  /** Where it is written, as `file:line:column`. */
  readonly at: string;
  /** How it is written. */
  readonly text: string;
}

/** A place in a suite where more than one outcome, or more than one value, is allowed. */
export interface Choice {
  /** What is chosen, such as `outcome` or `PUBACK reason`. */
  readonly what: string;
  readonly members: readonly Member[];
}

/** Fields and properties whose list is what comes, and not a choice. */
const LISTS: ReadonlySet<string> = new Set([
  "reasons",
  "filters",
  "subscriptions",
  "subscriptionIdentifier",
]);
/** The property whose items are lists too. */
const PAIRS = "userProperty";

/** Returns a place as a key. */
export function placeKey({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/** Returns the choices in steps that broker suites expect, in the order in which they are written. */
export function choicesIn(steps: readonly StepBase[]): readonly Choice[] {
  return [...eachStep(steps)].flatMap((step): readonly Choice[] => {
    if (step.kind === "branch") return headsOf(step);
    if (!isExpect(step)) return [];
    const { outcomes } = step;
    const own = outcomes.length > 1 ? [{ what: "outcome", members: outcomes.map(asMember) }] : [];
    return [...own, ...outcomes.flatMap(fieldChoices)];
  });
}

/** The choice between the lists of a branch that start with an arrival. */
function headsOf(step: BranchStep): readonly Choice[] {
  const firsts = step.steps.map((list) => [...eachStep([list])].find(isExpect));
  const members = firsts.flatMap((first) => first ? first.outcomes.slice(0, 1).map(asMember) : []);
  return members.length > 1 ? [{ what: "branch", members }] : [];
}

function asMember(outcome: Outcome): Member {
  const text = outcome.kind === "packet"
    ? `${outcome.type}${outcome.fields.map(([name, value]) => ` ${name}=${valueText(value)}`).join("")}`
    : outcome.kind;
  return { at: placeKey(outcome.place), text };
}

function fieldChoices(outcome: Outcome): readonly Choice[] {
  if (outcome.kind !== "packet") return [];
  return outcome.fields.flatMap(([name, value]) =>
    valueChoices(`${outcome.type} ${name}`, value, LISTS.has(name))
  );
}

function valueChoices(what: string, value: Value, isList: boolean): readonly Choice[] {
  if (value.kind === "list") {
    if (isList) return value.items.flatMap((item) => valueChoices(what, item, false));
    return value.items.length < 2 ? [] : [{
      what,
      members: value.items.map((item) => ({ at: placeKey(item.place), text: valueText(item) })),
    }];
  }
  if (value.kind !== "map") return [];
  return value.entries.flatMap(([key, inner]) =>
    key === PAIRS
      ? []
      : key === "oneOf"
      ? valueChoices(what, inner, false)
      : what.endsWith("properties")
      ? valueChoices(`${what.replace(/ properties$/, "")} ${key}`, inner, LISTS.has(key))
      : []
  );
}
