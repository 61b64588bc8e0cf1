import { isStep, type Step } from "../suite/step/step.ts";
import type { StepBase } from "../suite/step/verb.ts";
import type { Play, Player, PlaySteps } from "./player.ts";
import * as players from "./step/players.ts";

/** A player for each verb; a verb without one is a compile error. */
const PLAYERS: { readonly [K in Step["kind"]]: Player<Extract<Step, { kind: K }>> } = players;

// A player without a verb is a compile error too.
void (true satisfies Exclude<keyof typeof players, Step["kind"]> extends never ? true : never);

/** Plays one step to its end. Throws {@link StepFailed} if it fails. */
export async function playStep(step: StepBase, play: Play): Promise<void> {
  if (!isStep(step)) throw new TypeError(`unknown verb "${step.kind}"`);
  // A step and the player of its kind match, which the compiler cannot verify through the table.
  const player: Player<never> = PLAYERS[step.kind];
  await (player as Player<Step>)(step, play, playSteps);
}

const playSteps: PlaySteps = async (steps, play) => {
  for (const step of steps) await playStep(step, play);
};
