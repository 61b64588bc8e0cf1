import type { DefectResult } from "./result.ts";
import type { Totals } from "./standing.ts";

/** What decides the exit status of a command that runs something. */
export interface Ending {
  readonly totals: Totals;
  /** By a signal; the reports hold what was run. */
  readonly interrupted: boolean;
  /** The command, a suite, a profile or a target file is wrong, so that nothing was run. */
  readonly wrongInput?: boolean;
  /** No case was judged, and no threshold or promise of a load. */
  readonly nothingJudged?: boolean;
  /** A target could not be reached or started, or the harness failed. */
  readonly broken?: boolean;
  /** False when a threshold of a load does not hold. */
  readonly thresholdsHold?: boolean;
  /** Of a `prove` run: a defect that no case noticed counts like a failure. */
  readonly defects?: readonly Pick<DefectResult, "noticedBy">[];
}

/** The exit status of a run; where several hold, the precedence is 130, 2, 3, 1, 0. */
export function exitCode(ending: Ending): 0 | 1 | 2 | 3 | 130 {
  const { totals } = ending;
  if (ending.interrupted) return 130;
  if (ending.wrongInput === true) return 2;
  if (ending.broken === true || totals.error > 0) return 3;
  if (totals.fail + totals.inconclusive + totals.unexpectedPass > 0) return 1;
  if (ending.thresholdsHold === false || ending.nothingJudged === true) return 1;
  if (ending.defects?.some((defect) => defect.noticedBy.length === 0) === true) return 1;
  return 0;
}
