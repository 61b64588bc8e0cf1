import type { Place } from "../spec/place.ts";
import { MODULE_PROTOCOL } from "./build.ts";
import type { LimitSuite } from "./limits.ts";
import { type LoadedSuite, type LoadOptions, loadSuite } from "./load.ts";
import type { Case, Step } from "./model.ts";

/** The tag of a boundary case begins so; behind it stand command, parameter and class, a `|` between them. */
export const LIMIT_TAG = "limit:";
/** What is not tried stands in tags of the suite's first case, the reason behind the class. */
export const UNTESTED_TAG = "limit-untested:";

/**
 * Reads the suite that a dialect's limits make as if it stood in a file; its cases have their places in the dialect's
 * file, where their parameters are. `protocol` is the dialect's command set. Never throws.
 */
export function loadLimits(
  limits: LimitSuite,
  file: string,
  protocol: string,
  options: LoadOptions = {},
): LoadedSuite {
  const { suite, problems } = loadSuite(limits.text, `${file} (limits)`, options);
  if (!suite) return { problems };
  const untested = limits.untested.map((each) => `${UNTESTED_TAG}${each}`);
  const cases = suite.cases.map((one, at): Case => {
    const place = limits.places.get(one.name) ?? one.place;
    const tag = limits.tags.get(one.name);
    return {
      ...one,
      place,
      protocols: [protocol],
      covers: { [protocol]: one.covers[MODULE_PROTOCOL] ?? [] },
      tags: [
        ...one.tags,
        ...(tag === undefined ? [] : [`${LIMIT_TAG}${tag}`]),
        ...(at === 0 ? untested : []),
      ],
      steps: one.steps.map((step) => placed(step, place)),
    };
  });
  return { suite: { ...suite, file, cases }, problems: [] };
}

/** The step with its own line of source, at the parameter that it tries. */
function placed(step: Step, place: Place): Step {
  return step.opening === undefined ? { ...step, place } : step;
}
