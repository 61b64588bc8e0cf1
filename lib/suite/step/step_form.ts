import type { Form } from "../../spec/form.ts";
import type { Step } from "../file/model.ts";
import { captureNames, readSteps } from "./step.ts";
import { stepsSchema } from "./step_schema.ts";

/** Steps as they could be read, and the names that they give, also those of steps that could not be read. */
export interface ReadSteps {
  readonly steps: readonly Step[];
  readonly captures: readonly string[];
  /** Some step could not be read. */
  readonly broken: boolean;
  /** How long they are in the file, in characters. */
  readonly size: number;
}

/** A list of steps. `source` is the text of the file; `laneParameters` are given in an opening. */
export function stepsForm(source: string, laneParameters?: readonly string[]): Form<ReadSteps> {
  return {
    read(node, report) {
      const before = report.problems.length;
      const steps = readSteps(node, { report, text: source, laneParameters });
      const broken = report.problems.length > before;
      return { steps, captures: captureNames(node), broken, size: node.range[1] - node.range[0] };
    },
    schema: stepsSchema,
  };
}
