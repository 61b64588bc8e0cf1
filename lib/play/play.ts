import { isStep, type Step } from "../suite/step/step.ts";
import type { StepBase } from "../suite/step/verb.ts";
import type { Play, Player, PlaySteps } from "./player.ts";
import * as players from "./step/players.ts";

/** A player for each verb; the compiler refuses a verb without one. */
const PLAYERS: { readonly [K in Step["kind"]]: Player<Extract<Step, { kind: K }>> } = players;

// The compiler refuses a player without a verb too.
void (true satisfies Exclude<keyof typeof players, Step["kind"]> extends never ? true : never);

/** Plays one step to its end. Throws {@link StepFailed} when it does not go as it says. */
export async function playStep(step: StepBase, play: Play): Promise<void> {
  if (!isStep(step)) throw new TypeError(`There is no verb "${step.kind}"`);
  // A step and the player of its kind belong together, which the compiler can't follow through the table.
  const player: Player<never> = PLAYERS[step.kind];
  await (player as Player<Step>)(step, play, playSteps);
}

const playSteps: PlaySteps = async (steps, play) => {
  for (const step of steps) await playStep(step, play);
};
