import type { Place } from "../../spec/place.ts";
import type { LimitSuite } from "./limits.ts";
import { type LoadedSuite, type LoadOptions, loadSuite } from "../file/load.ts";
import type { Case } from "../file/model.ts";
import type { Step } from "../step/step.ts";

/**
 * Reads the suite for a dialect's limits as if it were a file. Its cases have the places of their parameters
 * in the dialect file. Never throws.
 */
export function loadLimits(
  limits: LimitSuite,
  file: string,
  options: LoadOptions = {},
): LoadedSuite {
  const { suite, problems } = loadSuite(limits.text, `${file} (limits)`, options);
  if (!suite) return { problems };
  const cases = suite.cases.map((one): Case => {
    const place = limits.places.get(one.name) ?? one.place;
    const tried = limits.tried.get(one.name);
    return {
      ...one,
      place,
      tried,
      steps: one.steps.map((step) => placed(step, place)),
    };
  });
  return {
    suite: { ...suite, file, cases, limits: limits.cells },
    problems: [],
  };
}

/** The step with its own source line, at the place of the parameter that it tests. */
function placed(step: Step, place: Place): Step {
  return step.opening === undefined ? { ...step, place } : step;
}
