import type { DefectResult } from "./result.ts";
import type { Totals } from "./standing.ts";

/** What determines the exit status of a command that runs something. */
export interface Ending {
  readonly totals: Totals;
  /** Whether a signal interrupted it; the reports contain what has run. */
  readonly interrupted: boolean;
  /** Whether the command, a suite, a profile or a target file is wrong, so nothing was run. */
  readonly wrongInput?: boolean;
  /** Whether no case was judged, and no threshold or promise of a load. */
  readonly nothingJudged?: boolean;
  /** Whether a target could not be reached or started, or the harness failed. */
  readonly broken?: boolean;
  /** False if a threshold of a load does not hold. */
  readonly thresholdsHold?: boolean;
  /** For a `prove` run: an unnoticed defect counts like a failure. */
  readonly defects?: readonly Pick<DefectResult, "noticedBy">[];
}

/** Returns the exit status of a run. If several apply, the precedence is 130, 2, 3, 1, 0. */
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
