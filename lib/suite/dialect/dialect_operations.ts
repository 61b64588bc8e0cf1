import type { Form, Report } from "../../spec/form.ts";
import { mapOf, type Named } from "../../spec/form_parts.ts";
import { quote } from "../../spec/problem.ts";
import { suggest } from "../../ground/nearest.ts";
import { builtIn, checkNames } from "../file/names.ts";
import { INDICATIONS, OPERATION_NAMES, REQUESTS } from "../step/operation.ts";
import { stepsForm } from "../step/read.ts";
import { requestOf } from "./requests_in.ts";
import { eachStep, lanesIn, operationsIn, type Step } from "../step/step.ts";

/** The steps of each operation on the serial side in one dialect, by the operation's name. */
export type Operations = ReadonlyMap<string, readonly Step[]>;

const KEY = { what: "an operation", pattern: /^[a-z][A-Za-z]*$/ } as const;

/**
 * The form of a dialect's `operations:`. `source` is the text of the file, `presets` are the requests whose fields others may
 * name.
 */
export function operationsForm(source: string, presets: readonly string[] = []): Form<Operations> {
  const form = mapOf(KEY, stepsForm(source));
  return {
    read(node, report) {
      const found = form.read(node, report);
      for (const { name, place, value: { steps, broken } } of found ?? []) {
        const spec = REQUESTS.get(name) ?? INDICATIONS.get(name);
        if (!spec) {
          report.add(`unknown operation ${quote(name)}`, place, suggest(name, OPERATION_NAMES));
          continue;
        }
        if (broken) continue;
        checkSteps(name, steps, report);
        const given = [...spec.fields.keys()].filter((field) => !builtIn("module").includes(field));
        const names = [...given, ...presets];
        checkNames(steps, { tests: "module", lanes: ["dte"], given: names, captures: [] }, report);
      }
      if (found) checkPutOff(found, report);
      return found && new Map(found.map(({ name, value }) => [name, value.steps] as const));
    },
    schema: (definitions) => form.schema(definitions),
  };
}

function checkSteps(name: string, steps: readonly Step[], report: Report): void {
  for (const step of eachStep(steps)) {
    const other = lanesIn(step).find((lane) => lane !== "dte");
    if (other !== undefined) {
      report.add(
        `unexpected lane ${quote(other)} in an operation`,
        step.place,
        "an operation uses the lane dte only",
      );
    }
    const inner = operationsIn(step);
    if (inner.length > 0 && !(REQUESTS.has(name) && requestOf(step) && !requestOf(step)?.attempt)) {
      report.add("an operation within an operation", step.place, "write the command or its result");
    }
  }
  const [only, second] = steps;
  if (INDICATIONS.has(name) && steps.length > 0 && (only?.kind !== "expect" || second)) {
    const place = (second ?? only)?.place;
    if (place) {
      report.add(`expected one expectation in ${quote(name)}`, place, "write one dte <- …, or one of: [ … ]");
    }
  }
}

/** Reports a request that stands in another one, to be typed there, and has others in it or is missing. */
function checkPutOff(
  operations: readonly Named<{ readonly steps: readonly Step[] }>[],
  report: Report,
): void {
  const byName = new Map(operations.map(({ name, value }) => [name, value.steps] as const));
  for (const { steps } of operations.map(({ value }) => value)) {
    for (const step of steps) {
      const inner = requestOf(step)?.name;
      if (inner === undefined) continue;
      const typed = byName.get(inner);
      if (!typed) report.add(`no operation "${inner}" in this dialect`, step.place, "write its steps first");
      else if (typed.some((each) => requestOf(each))) {
        report.add(`"${inner}" has operations in it itself`, step.place, "write commands");
      }
    }
  }
}
