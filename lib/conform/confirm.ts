import type { CaseJudgement } from "./run_case.ts";

/** How often a case runs again alone if other running cases could explain its failure. */
export const ALONE_RUNS = 3;

/** The number of cases in a row that fail alone each time, after which crowding is ruled out as the cause. */
const ENOUGH = 20;
/**
 * A smaller number of cases, if they took this long in milliseconds: each waits to its limit for what never
 * comes.
 */
const ENOUGH_OF_SLOW = 5;
const SLOW_MS = 60_000;

/** Whether the expected arrival may have been late because of other running cases. */
export function mayBeCrowded(result: CaseJudgement): boolean {
  return result.missing && result.verdict !== "pass" && result.verdict !== "skip";
}

/** Decides the verdict of a case whose failure beside other cases was tried again alone. */
export class Confirmation {
  /** How many cases in a row have failed alone each time. */
  #steady = 0;
  /** How long these took. */
  #steadyMs = 0;

  /** Whether earlier cases have ruled out crowding, so a further one need not run again. */
  get needless(): boolean {
    return this.#steady >= ENOUGH || (this.#steady >= ENOUGH_OF_SLOW && this.#steadyMs >= SLOW_MS);
  }

  /** Judges a case that did not run again, because those before it all failed alone too. */
  unconfirmed(beside: CaseJudgement): CaseJudgement {
    return {
      ...beside,
      reason: `${
        beside.reason ?? ""
      } (not run again alone: the ${this.#steady} cases before it failed alone too)`,
    };
  }

  /**
   * Judges a case by its run beside other cases and its runs alone, which took `tookMs` milliseconds
   * together.
   */
  judge(beside: CaseJudgement, alone: readonly CaseJudgement[], tookMs: number): CaseJudgement {
    const failed = alone.filter(({ verdict }) => verdict !== "pass");
    const [first] = failed;
    const isSteady = failed.length === alone.length;
    this.#steady = isSteady ? this.#steady + 1 : 0;
    this.#steadyMs = isSteady ? this.#steadyMs + tookMs : 0;
    if (!first) {
      const warning = `Only beside other cases: ${beside.reason ?? ""}`;
      const warnings = [...alone.at(-1)?.warnings ?? [], warning];
      return {
        ...beside,
        verdict: "pass",
        reason: undefined,
        failure: undefined,
        warnings,
        onlyBesideOthers: true,
      };
    }
    const worst = failed.find(({ verdict }) => verdict === "fail") ?? first;
    return { ...worst, reason: `${worst.reason ?? ""} (${failed.length} of ${alone.length} alone)` };
  }
}
