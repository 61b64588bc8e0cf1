import type { ProtocolVersion } from "../../mqtt/packet.ts";
import type { Question } from "./asking.ts";
import { CLIENT_ID_LENGTH, EMPTY_CLIENT_ID } from "./question/client_ids.ts";
import { CREDENTIALS } from "./question/credentials.ts";
import { PACKET_SIZE, TOPIC_LENGTH } from "./question/delivered.ts";
import { DOLLAR_TOPICS } from "./question/dollar_topics.ts";
import { SUBSCRIPTIONS } from "./question/filters.ts";
import { SHARED_SUBSCRIPTIONS, SUBSCRIPTION_IDENTIFIERS } from "./question/five.ts";
import { IN_FLIGHT } from "./question/in_flight.ts";
import { QOS } from "./question/qos.ts";
import { RECEIVE_MAXIMUM } from "./question/receive_maximum.ts";
import { RETAINED, RETAINED_MESSAGES } from "./question/retained.ts";
import { QUEUED, SESSIONS } from "./question/sessions.ts";
import { TOPIC_LEVELS } from "./question/topic_levels.ts";
import { WILDCARDS } from "./question/wildcards.ts";
import { WILLS } from "./question/wills.ts";

/** All questions to a broker, in the order in which their answers are shown. */
export const QUESTIONS: readonly Question[] = [
  QOS,
  RETAINED,
  WILLS,
  SESSIONS,
  WILDCARDS,
  SHARED_SUBSCRIPTIONS,
  SUBSCRIPTION_IDENTIFIERS,
  DOLLAR_TOPICS,
  EMPTY_CLIENT_ID,
  CREDENTIALS,
  QUEUED,
  RETAINED_MESSAGES,
  IN_FLIGHT,
  RECEIVE_MAXIMUM,
  PACKET_SIZE,
  TOPIC_LENGTH,
  TOPIC_LEVELS,
  SUBSCRIPTIONS,
  CLIENT_ID_LENGTH,
];

const ALWAYS: readonly string[] = ["qos1", "qos2", "retained", "wills", "sessions", "wildcards"];

/** Returns the features that a version requires of every broker: claimed unless a question finds them missing. */
export function requiredIn(version: ProtocolVersion): readonly string[] {
  return version === "5.0" ? [...ALWAYS, "shared-subscriptions", "subscription-identifiers"] : ALWAYS;
}
