import type { Case } from "../suite/file/model.ts";
import { eachStep, verbOf } from "../suite/step/step.ts";
import type { KnownDeviation } from "../target/expectation_file.ts";

/** One case to run on one target in one protocol, or the reason why not. */
export interface PlannedCase {
  readonly case: Case;
  readonly protocol: string;
  /** Counted from 1. */
  readonly iteration: number;
  readonly skip?: string | undefined;
  /** The capacity of which the target takes too little for it. */
  readonly beyond?: string | undefined;
  readonly expected?: KnownDeviation | undefined;
}

/** The items in an order that the seed decides. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items];
  for (let at = copy.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    const [a, b] = [copy[at], copy[other]];
    if (a !== undefined && b !== undefined) [copy[at], copy[other]] = [b, a];
  }
  return copy;
}

/** Whether a case takes its time, by waiting or by its own limit, so that it should start early and others run beside it. */
export function waits(one: Case): boolean {
  return one.limit !== undefined || eachStep(one.steps).some((step) => verbOf(step).takesTime?.(step));
}

/** The order in which a target's cases run: those that wait first, those that need a quiet target last and alone. */
export function inOrder(cases: readonly PlannedCase[]): {
  readonly together: readonly PlannedCase[];
  readonly alone: readonly PlannedCase[];
} {
  const together = cases.filter((one) => !one.case.exclusive);
  return {
    together: [...together.filter((one) => waits(one.case)), ...together.filter((one) => !waits(one.case))],
    alone: cases.filter((one) => one.case.exclusive),
  };
}
