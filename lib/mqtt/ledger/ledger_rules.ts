import type { LedgerRule } from "./rule.ts";
import { ACKNOWLEDGING_RULES } from "./rules/acknowledging.ts";
import { ALIASING_RULES } from "./rules/aliasing.ts";
import { AUTHENTICATING_RULES } from "./rules/authenticating.ts";
import { DELIVERING_RULES } from "./rules/delivering.ts";
import { ENDING_RULES } from "./rules/ending.ts";
import { IDENTIFIER_RULES } from "./rules/identifiers.ts";
import { KEEPING_RULES } from "./rules/keeping.ts";
import { LIMITING_RULES } from "./rules/limiting.ts";
import { OPENING_RULES } from "./rules/opening.ts";
import { ORDERING_RULES } from "./rules/ordering.ts";
import { PINGING_RULES } from "./rules/pinging.ts";
import { REQUESTING_RULES } from "./rules/requesting.ts";
import { RESENDING_RULES } from "./rules/resending.ts";
import { SUBSCRIBING_RULES } from "./rules/subscribing.ts";

/** The rules of a conversation by theme. */
export const LEDGER_THEMES: ReadonlyMap<string, readonly LedgerRule[]> = new Map([
  ["Opening a connection", OPENING_RULES],
  ["Ending a connection", ENDING_RULES],
  ["Enhanced authentication", AUTHENTICATING_RULES],
  ["Sessions", KEEPING_RULES],
  ["Packet identifiers", IDENTIFIER_RULES],
  ["Acknowledging", ACKNOWLEDGING_RULES],
  ["The order of acknowledgements", ORDERING_RULES],
  ["Resending", RESENDING_RULES],
  ["Responses to subscribing", SUBSCRIBING_RULES],
  ["Deliveries", DELIVERING_RULES],
  ["Topic aliases", ALIASING_RULES],
  ["Limits and features", LIMITING_RULES],
  ["Requested information", REQUESTING_RULES],
  ["Keep alive", PINGING_RULES],
]);

/** The rules of a conversation. */
export const LEDGER_RULES: readonly LedgerRule[] = [...LEDGER_THEMES.values()].flat();

/**
 * The names of the rules that depend on what the receiver has announced: another receiver may accept such a
 * packet.
 */
export const LIMIT_RULES: ReadonlySet<string> = new Set(
  [...LIMITING_RULES.map(({ id }) => id), "topic-alias-above-maximum"],
);
