import type { CaseJudgement } from "./run_case.ts";

/** How often a case runs again alone whose failure other cases beside it could explain. */
export const ALONE_RUNS = 3;

/** So many cases in a row that fail alone each time show that crowding is not what makes them fail. */
const ENOUGH = 20;
/** Fewer do where they took so long, in milliseconds: each waits to its limit for what never comes. */
const ENOUGH_OF_SLOW = 5;
const SLOW_MS = 60_000;

/** Whether what a case missed may have come late because of the cases beside it. */
export function mayBeCrowded(result: CaseJudgement): boolean {
  return result.missing && result.verdict !== "pass" && result.verdict !== "skip";
}

/** Decides what a case is whose failure beside others was tried again alone. */
export class Confirmation {
  /** How many cases in a row have failed alone each time. */
  #steady = 0;
  /** How long these took. */
  #steadyMs = 0;

  /** Whether crowding has been ruled out by the cases before, so that one more need not run again. */
  get needless(): boolean {
    return this.#steady >= ENOUGH || (this.#steady >= ENOUGH_OF_SLOW && this.#steadyMs >= SLOW_MS);
  }

  /** The judgement of a case that did not run again, since those before it all failed alone too. */
  unconfirmed(beside: CaseJudgement): CaseJudgement {
    return {
      ...beside,
      reason: `${
        beside.reason ?? ""
      } (not run again alone: the ${this.#steady} cases before it failed alone too)`,
    };
  }

  /** The judgement of a case from its run beside others and from its runs alone, which took so many milliseconds together. */
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
