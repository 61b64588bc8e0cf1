import { announced, connected, type Question } from "../asking.ts";
import { claimed, notClaimed } from "../finding.ts";
import { subscribed } from "../subscribing.ts";

/** Asks whether 5.0 clients may use shared subscriptions: by CONNACK, or by a SUBACK that refuses. */
export const SHARED_SUBSCRIPTIONS: Question = {
  about: "shared subscriptions",
  protocols: ["5.0"],
  async ask(asking) {
    const name = "shared-subscriptions";
    if (announced(asking, "sharedSubscriptionAvailable") === 0) {
      return [notClaimed(name, "CONNACK announces Shared Subscription Available 0")];
    }
    await using client = await connected(asking);
    const { refusal } = await subscribed(asking, client, [`$share/${asking.prefix}/${asking.prefix}/share`]);
    return [
      refusal === undefined
        ? claimed(name, "a filter that begins with $share is not refused")
        : notClaimed(name, `the broker ${refusal} to a filter that begins with $share`),
    ];
  },
};

/**
 * Asks whether 5.0 subscriptions may have an identifier: by CONNACK alone, which must announce if they may
 * not.
 */
export const SUBSCRIPTION_IDENTIFIERS: Question = {
  about: "subscription identifiers",
  protocols: ["5.0"],
  ask(asking) {
    const absent = announced(asking, "subscriptionIdentifierAvailable") === 0;
    return Promise.resolve([
      absent
        ? notClaimed("subscription-identifiers", "CONNACK announces Subscription Identifiers Available 0")
        : claimed("subscription-identifiers", "CONNACK does not forbid them"),
    ]);
  },
};
