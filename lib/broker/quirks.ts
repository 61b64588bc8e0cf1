import { suggest } from "../ground/nearest.ts";
import { seededRandom } from "../ground/seeded_random.ts";
import type { BrokerBehaviour } from "./behaviour.ts";
import { ANNOUNCED_QUIRKS } from "./quirks/announced.ts";
import { ANSWER_QUIRKS } from "./quirks/answers.ts";
import { AUTHENTICATION_QUIRKS } from "./quirks/authenticating.ts";
import { CAPACITY_QUIRKS } from "./quirks/capacity.ts";
import { CARRYING_QUIRKS } from "./quirks/carrying.ts";
import { CONNECT_QUIRKS } from "./quirks/connecting.ts";
import { DELIVERY_QUIRKS } from "./quirks/delivery.ts";
import { PASSWORD_QUIRKS } from "./quirks/passwords.ts";
import { PROPERTY_QUIRKS } from "./quirks/properties.ts";
import { REDIRECTION_QUIRKS } from "./quirks/redirecting.ts";
import type { Quirk } from "./quirks/quirk.ts";
import { REFUSAL_QUIRKS } from "./quirks/refusing.ts";
import { SESSION_QUIRKS } from "./quirks/sessions.ts";
import { SUBSCRIPTION_QUIRKS } from "./quirks/subscriptions.ts";
import { TIMING_QUIRKS } from "./quirks/timing.ts";
import { RIGHT } from "./right.ts";

export type { Quirk };

/** The quirks of the reference broker by theme. */
export const QUIRK_THEMES: ReadonlyMap<string, readonly Quirk[]> = new Map([
  ["Connecting and closing", CONNECT_QUIRKS],
  ["Enhanced authentication", AUTHENTICATION_QUIRKS],
  ["Limits that CONNACK of 5.0 announces", ANNOUNCED_QUIRKS],
  ["User names and passwords", PASSWORD_QUIRKS],
  ["Server redirection", REDIRECTION_QUIRKS],
  ["Refusals", REFUSAL_QUIRKS],
  ["Capacity", CAPACITY_QUIRKS],
  ["Answers", ANSWER_QUIRKS],
  ["Properties", PROPERTY_QUIRKS],
  ["Subscriptions and retained messages", SUBSCRIPTION_QUIRKS],
  ["Delivery", DELIVERY_QUIRKS],
  ["Sessions and wills", SESSION_QUIRKS],
  ["Timing", TIMING_QUIRKS],
  ["Segments and frames", CARRYING_QUIRKS],
]);

/** All quirks of the reference broker. */
export const QUIRKS: readonly Quirk[] = [...QUIRK_THEMES.values()].flat();

const BY_ID: ReadonlyMap<string, Quirk> = new Map(QUIRKS.map((quirk) => [quirk.id, quirk]));

/** Thrown for an unknown quirk id. */
export class UnknownQuirkError extends Error {
  override readonly name = "UnknownQuirkError";

  constructor(id: string) {
    const hint = suggest(id, BY_ID.keys());
    super(`Unknown quirk ${JSON.stringify(id)} of the reference broker${hint ? `; ${hint}` : ""}`);
  }
}

/** The quirk with this id. Throws {@link UnknownQuirkError}. */
export function quirk(id: string): Quirk {
  const found = BY_ID.get(id);
  if (!found) throw new UnknownQuirkError(id);
  return found;
}

/**
 * The behaviour of a broker with these quirks, each applied to the result of those before it: packets are changed by one
 * after the other, and if two make the same decision, the last one wins. Throws {@link UnknownQuirkError}.
 */
export function quirked(ids: readonly string[], seed = 1): BrokerBehaviour {
  const random = seededRandom(seed);
  return ids.map(quirk).reduce((usual, { alter }) => ({ ...usual, ...alter(usual, { random }) }), RIGHT);
}

/**
 * The hooks that a quirk replaces, with the names that {@link "./recorded.ts"} reports. The quirk can't change a case
 * that uses none of them.
 */
export function hooksOf({ alter, packets }: Quirk): readonly string[] {
  return Object.keys(alter(RIGHT, { random: seededRandom(1) })).flatMap((hook) =>
    packets ? packets.map((type) => `${hook} ${type}`) : [hook]
  );
}
