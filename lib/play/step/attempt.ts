import type { AttemptStep } from "../../suite/step/attempt.ts";
import { isExpect } from "../../suite/step/expect.ts";
import type { Outcome } from "../../suite/step/outcome.ts";
import { TRIED } from "../../suite/step/tried.ts";
import { takeAll } from "../arrivals.ts";
import type { Player } from "../player.ts";

/** The results that refuse a command immediately. */
const REFUSALS = ["ERROR", "+CME ERROR"] as const;

/** Plays the steps up to a refused command, and stores the outcome for later steps. */
export const attempt: Player<AttemptStep> = async ({ steps }, play, inner) => {
  const { scope } = play.context;
  const [first] = steps;
  for (const step of steps) {
    if (!isExpect(step)) {
      await inner([step], play);
      continue;
    }
    const refusals = REFUSALS.map((text): Outcome => ({ kind: "final", text, args: [], place: step.place }));
    const got = await takeAll([[{ ...step, outcomes: [...step.outcomes, ...refusals] }]], play);
    const type = typeof got === "object" && got !== null && "type" in got ? got.type : undefined;
    if (REFUSALS.some((refusal) => refusal === type)) return void scope.set(TRIED, "refused");
  }
  // If no answer shows at once that the request was accepted, only a refusal can come soon.
  const waits = steps.length > 0 && !steps.some(isExpect);
  const refused = waits && first && "lane" in first && await play.party(String(first.lane)).refusedSoon?.();
  scope.set(TRIED, refused ? "refused" : "taken");
};
