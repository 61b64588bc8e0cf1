import { encode } from "../../mqtt/encode.ts";
import type { Announced } from "../../mqtt/ledger/announced.ts";
import type { Draft } from "../../mqtt/packet.ts";

/** The packets whose properties only explain them. */
const EXPLAINED: readonly Draft["type"][] = ["PUBACK", "PUBREC", "PUBREL", "PUBCOMP"];

/** Why a packet of 5.0 is beyond what the broker has announced; undefined if it is not. */
export function beyondLimits(draft: Draft, limits: Announced): string | undefined {
  if (encode(draft, "5.0").length > limits.maximumPacketSize) return "the Maximum Packet Size of the broker";
  if (draft.type === "PUBLISH") {
    if ((draft.qos ?? 0) > limits.maximumQoS) return "the Maximum QoS of the broker";
    if (draft.retain && !limits.retainAvailable) return "the broker keeps no retained messages";
    const alias = draft.properties?.find(({ name }) => name === "topicAlias")?.value;
    return typeof alias === "number" && alias > limits.topicAliasMaximum
      ? "the Topic Alias Maximum of the broker"
      : undefined;
  }
  if (draft.type !== "SUBSCRIBE") return undefined;
  const filters = draft.subscriptions?.map(({ filter }) => typeof filter === "string" ? filter : "") ?? [];
  if (!limits.wildcardSubscriptionAvailable && filters.some((filter) => /[+#]/.test(filter))) {
    return "the broker takes no wildcards";
  }
  if (!limits.sharedSubscriptionAvailable && filters.some((filter) => filter.startsWith("$share/"))) {
    return "the broker has no shared subscriptions";
  }
  const numbered = draft.properties?.some(({ name }) => name === "subscriptionIdentifier") ?? false;
  return numbered && !limits.subscriptionIdentifierAvailable
    ? "the broker takes no subscription identifiers"
    : undefined;
}

/** The packet without its Reason String and User Properties where it is too large with them [5.0 section 3.4.2.2]. */
export function withoutExplanation(draft: Draft, most: number): Draft {
  if (!EXPLAINED.includes(draft.type) || encode(draft, "5.0").length <= most) return draft;
  return { ...draft, properties: [] } as Draft;
}
