import { matches, sharedFilter } from "../mqtt/topic.ts";
import type { BrokerBehaviour } from "./behaviour.ts";
import { NOT_AUTHORIZED } from "./reasons.ts";

/** The topics that the broker denies to clients, as topic filters. */
export interface Denied {
  /** The broker drops messages to these topics, and refuses a CONNECT with a will at one of them. */
  readonly publish: readonly string[];
  /** Subscriptions to these topics are refused. */
  readonly subscribe: readonly string[];
}

/** A behaviour that denies clients some topics, and otherwise equals `usual`. */
export function denying(usual: BrokerBehaviour, { publish, subscribe }: Denied): BrokerBehaviour {
  const isDenied = (filters: readonly string[], topic: string) =>
    filters.some((filter) => matches(filter, topic));
  return {
    ...usual,
    refusesTopic: (topic) => isDenied(publish, topic) ? "drop" : usual.refusesTopic(topic),
    refusesFilter: (filter, place) =>
      isDenied(subscribe, sharedFilter(filter)?.filter ?? filter)
        ? NOT_AUTHORIZED
        : usual.refusesFilter(filter, place),
  };
}
