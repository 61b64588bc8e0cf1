import type { Report } from "../../spec/form.ts";
import type { Place } from "../../spec/place.ts";
import { quote } from "../../spec/problem.ts";
import { nearest, suggest } from "../../ground/nearest.ts";
import { eachVariable, type Value } from "../../spec/value.ts";
import { innerSteps, valuesOf, verbOf } from "../step/step.ts";
import type { StepBase } from "../step/verb.ts";
import type { Suite } from "./model.ts";

/** The built-in names of every case. Broker suites also have `client.<lane>`, the client id of a lane. */
export const BUILT_IN: readonly string[] = ["topic", "case", "seed", "protocol"];
/**
 * The additional names of module cases: the address of the broker lane for the module, and a port without a
 * listener.
 */
export const BUILT_IN_MODULE: readonly string[] = ["host", "port", "deadPort"];

/** The known fields of a name, or "anything" if any field may follow. */
type Known = ReadonlySet<string> | "anything";

/** The names that a case's steps may use. */
export interface NameContext {
  /** A kind of suite; `line` for the steps of a target file, which have no built-in names. */
  readonly tests: Suite["tests"] | "line";
  readonly lanes: readonly string[];
  /** The names from the case's rows and the suite's values. */
  readonly given: readonly string[];
  /** The names of steps that could not be read, which avoids follow-up mistakes. */
  readonly captures: readonly string[];
}

/** Reports each variable that is unknown at its place, and each name that is defined twice. */
export function checkNames(steps: readonly StepBase[], context: NameContext, report: Report): void {
  const known = new Map<string, Known>();
  if (context.tests !== "line") { for (const name of builtIn(context.tests)) known.set(name, new Set()); }
  if (context.tests === "broker") known.set("client", new Set(context.lanes));
  for (const name of context.given) known.set(name, "anything");
  const fixed = new Set(known.keys());
  for (const name of context.captures) if (!fixed.has(name)) known.set(name, "anything");
  checkSteps(steps, known, fixed, report);
}

/** Returns the built-in names of a kind of suite, except `client`. */
export function builtIn(tests: Suite["tests"]): readonly string[] {
  return tests === "module" ? [...BUILT_IN, ...BUILT_IN_MODULE] : BUILT_IN;
}

/** Reports each variable of a value that is not in `names`. */
export function checkValueNames(value: Value, names: readonly string[], report: Report): void {
  eachVariable(value, ([name = ""], place) => {
    if (report.full || names.includes(name)) return;
    const hint = names.length === 0 ? "no variables are allowed here" : suggestVariable(name, names);
    report.add(`unknown variable ${quote(`$${name}`)}`, place, hint);
  });
}

function checkSteps(
  steps: readonly StepBase[],
  known: Map<string, Known>,
  fixed: ReadonlySet<string>,
  report: Report,
): void {
  const given = (step: StepBase) => verbOf(step).names?.(step) ?? [];
  const captured = new Set(steps.flatMap((step) => given(step).map(({ name }) => name)));
  for (const step of steps) {
    for (const value of valuesOf(step)) {
      eachVariable(value, (path, place) => checkPath(path, place, known, captured, report));
    }
    for (const { name, fields } of given(step)) {
      if (!fixed.has(name)) known.set(name, fields);
      else {
        report.add(
          `${quote(name)} is already a name for something else`,
          step.place,
          "choose another name for the capture",
        );
      }
    }
    checkSteps(innerSteps(step), known, fixed, report);
  }
}

function checkPath(
  path: readonly string[],
  place: Place,
  known: ReadonlyMap<string, Known>,
  captured: ReadonlySet<string>,
  report: Report,
): void {
  if (report.full) return;
  const [name = "", field] = path;
  const fields = known.get(name);
  if (fields === undefined) {
    const hint = captured.has(name)
      ? "it is captured only here or later"
      : suggestVariable(name, known.keys());
    return report.add(`unknown variable ${quote(`$${name}`)}`, place, hint);
  }
  if (fields === "anything") return;
  if (name === "client" && field === undefined) {
    return report.add('"$client" without a lane', place, "write $client.lane");
  }
  if (field === undefined || fields.has(field) || (fields.has("0") && /^\d{1,3}$/.test(field))) return;
  if (name === "client") {
    return report.add(`no lane ${quote(field)} in this case`, place, suggest(field, fields));
  }
  const names = [...fields].filter((candidate) => !/^\d/.test(candidate));
  report.add(`"$${name}" has no ${quote(field)}`, place, suggest(field, names) ?? "it has no fields");
}

function suggestVariable(name: string, names: Iterable<string>): string | undefined {
  const all = [...names];
  const near = nearest(name, all);
  return near === undefined ? suggest(name, all) : `did you mean $${near}?`;
}
