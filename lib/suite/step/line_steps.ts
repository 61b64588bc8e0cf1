import type { Form } from "../../spec/form.ts";
import { stepsForm } from "./read.ts";
import { eachStep, operationsIn, type Step } from "./step.ts";

/**
 * Steps on a module's serial line outside of any case: the lane `dte`, and the verbs that need no other lane.
 * `source` is the text of the file. The file's reader checks the variables.
 */
export function lineStepsForm(source: string): Form<readonly Step[]> {
  const form = stepsForm(source);
  return {
    read(node, report) {
      const steps = form.read(node, report)?.steps;
      for (const step of steps ?? []) {
        for (const one of eachStep([step])) {
          if ("lane" in one && one.lane !== "dte") {
            report.add(
              `unexpected lane "${one.lane}" in steps on the serial line`,
              one.place,
              "only dte is allowed here",
            );
          }
          for (const operation of operationsIn(one)) {
            const hint = "write the command itself, such as dte -> AT+CGATT=: [1]";
            report.add(`unexpected operation "${operation}" in steps on the serial line`, one.place, hint);
          }
        }
      }
      return steps;
    },
    schema: (definitions) => form.schema(definitions),
  };
}
