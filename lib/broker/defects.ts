import { suggest } from "../ground/nearest.ts";
import type { BrokerBehaviour } from "./behaviour.ts";
import { ALIAS_DEFECTS } from "./defects/aliases.ts";
import { AMOUNT_DEFECTS } from "./defects/amounts.ts";
import { ANSWER_DEFECTS } from "./defects/answers.ts";
import { ANNOUNCED_DEFECTS } from "./defects/announced.ts";
import { AUTHENTICATION_DEFECTS } from "./defects/authenticating.ts";
import { CARRYING_DEFECTS } from "./defects/carrying.ts";
import { CLIENT_REASON_DEFECTS } from "./defects/client_reasons.ts";
import { CODE_DEFECTS } from "./defects/codes.ts";
import { CONNECT_DEFECTS, WILL_DEFECTS } from "./defects/connecting.ts";
import { COUNTING_DEFECTS } from "./defects/counting.ts";
import type { Defect } from "./defects/defect.ts";
import { EXPIRY_DEFECTS } from "./defects/expiring.ts";
import { IDENTIFIER_DEFECTS } from "./defects/identifying.ts";
import { IDENTITY_DEFECTS } from "./defects/identity.ts";
import { KEEPING_DEFECTS } from "./defects/keeping.ts";
import { LASTING_DEFECTS } from "./defects/lasting.ts";
import { LIMIT_DEFECTS } from "./defects/limiting.ts";
import { MESSAGE_DEFECTS, RETAIN_DEFECTS } from "./defects/messages.ts";
import { METHOD_DEFECTS } from "./defects/method.ts";
import { MIXED_DEFECTS } from "./defects/mixed.ts";
import { OPTION_DEFECTS } from "./defects/options.ts";
import { PASSWORD_DEFECTS } from "./defects/passwords.ts";
import { READING_DEFECTS } from "./defects/reading.ts";
import { REDIRECTION_DEFECTS } from "./defects/redirecting.ts";
import { REFUSING_DEFECTS } from "./defects/refusing.ts";
import { REPLACING_DEFECTS } from "./defects/replacing.ts";
import { RESTART_DEFECTS } from "./defects/restarting.ts";
import { SESSION_DEFECTS } from "./defects/sessions.ts";
import { SHARING_DEFECTS } from "./defects/sharing.ts";
import { SUBSCRIBE_DEFECTS } from "./defects/subscribing.ts";
import { TIMER_DEFECTS } from "./defects/timers.ts";
import { TOPIC_DEFECTS } from "./defects/topics.ts";
import { VALUE_DEFECTS } from "./defects/values.ts";
import { WEBSOCKET_DEFECTS } from "./defects/websocket.ts";
import { RIGHT } from "./right.ts";

export type { Defect };

/** All defects of the reference broker. */
export const DEFECTS: readonly Defect[] = [
  ...CONNECT_DEFECTS,
  ...READING_DEFECTS,
  ...ANSWER_DEFECTS,
  ...SUBSCRIBE_DEFECTS,
  ...TOPIC_DEFECTS,
  ...MESSAGE_DEFECTS,
  ...RETAIN_DEFECTS,
  ...SESSION_DEFECTS,
  ...WILL_DEFECTS,
  ...LASTING_DEFECTS,
  ...IDENTITY_DEFECTS,
  ...RESTART_DEFECTS,
  ...WEBSOCKET_DEFECTS,
  ...REPLACING_DEFECTS,
  ...REFUSING_DEFECTS,
  ...TIMER_DEFECTS,
  ...EXPIRY_DEFECTS,
  ...COUNTING_DEFECTS,
  ...ANNOUNCED_DEFECTS,
  ...CARRYING_DEFECTS,
  ...ALIAS_DEFECTS,
  ...IDENTIFIER_DEFECTS,
  ...AUTHENTICATION_DEFECTS,
  ...METHOD_DEFECTS,
  ...CODE_DEFECTS,
  ...LIMIT_DEFECTS,
  ...SHARING_DEFECTS,
  ...MIXED_DEFECTS,
  ...OPTION_DEFECTS,
  ...VALUE_DEFECTS,
  ...KEEPING_DEFECTS,
  ...CLIENT_REASON_DEFECTS,
  ...AMOUNT_DEFECTS,
  ...REDIRECTION_DEFECTS,
  ...PASSWORD_DEFECTS,
];

const BY_ID: ReadonlyMap<string, Defect> = new Map(DEFECTS.map((defect) => [defect.id, defect]));

/** Thrown for an unknown defect id. */
export class UnknownDefectError extends Error {
  override readonly name = "UnknownDefectError";

  constructor(id: string) {
    const hint = suggest(id, BY_ID.keys());
    super(`Unknown defect ${JSON.stringify(id)} of the reference broker${hint ? `; ${hint}` : ""}`);
  }
}

/** The defect with this id. Throws {@link UnknownDefectError}. */
export function defect(id: string): Defect {
  const found = BY_ID.get(id);
  if (!found) throw new UnknownDefectError(id);
  return found;
}

/**
 * The behaviour of a broker with these defects, each applied to the result of those before it. Throws
 * {@link UnknownDefectError}.
 */
export function defective(ids: readonly string[], usual: BrokerBehaviour = RIGHT): BrokerBehaviour {
  return ids.map(defect).reduce((right, { alter }) => ({ ...right, ...alter(right) }), usual);
}
