import type { Property } from "../mqtt/packet.ts";
import { amountOf, type Claims } from "../suite/claim/claims.ts";

/** The Receive Maximum that the clients of a run with limits announce. */
const RECEIVE_MAXIMUM = 3;

/** The Topic Alias Maximum that they announce. */
const TOPIC_ALIAS_MAXIMUM = 5;

/** What the clients of 5.0 announce in a run with limits, where a case does not set them. */
export const ANNOUNCED: readonly Property[] = [
  { name: "receiveMaximum", value: RECEIVE_MAXIMUM },
  { name: "topicAliasMaximum", value: TOPIC_ALIAS_MAXIMUM },
];

/** The same for readers. */
export const ANNOUNCED_TEXT =
  `Receive Maximum ${RECEIVE_MAXIMUM}, Topic Alias Maximum ${TOPIC_ALIAS_MAXIMUM}`;

/** The claims of a target whose clients announce these limits: it sends them no more messages at once than that. */
export function claimsWithin(claims: Claims): Claims {
  const own = amountOf(claims.values.get("inFlight"));
  if (own && !own.atLeast && own.most <= RECEIVE_MAXIMUM) return claims;
  const value = {
    kind: "literal",
    value: RECEIVE_MAXIMUM,
    source: String(RECEIVE_MAXIMUM),
    place: { file: "what the clients announce", line: 1, column: 1, length: 1 },
  } as const;
  return { ...claims, values: new Map([...claims.values, ["inFlight", value]]) };
}
