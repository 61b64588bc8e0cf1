import { sharedFilter } from "../../mqtt/topic.ts";
import type { Counts } from "../../run/metrics.ts";
import { FlowIndex } from "./flow_index.ts";
import { type Plan, wordsOf } from "../plan/plan.ts";
import { fill, uses } from "../profile/template.ts";

/**
 * Counts the messages that shared subscriptions must receive and those that they lost. Each subscription must receive each message
 * once, through any member, so the count needs what all members received together. `sent` and `received` are by flow.
 */
export function sharedDue(
  plan: Plan,
  sent: Int32Array,
  received: readonly ReadonlyMap<number, number>[],
): Counts {
  const filters = new Set<string>();
  for (const group of plan.groups) {
    for (const { filter } of group.subscribe) {
      if (!filter.some((part) => typeof part === "string" && part.startsWith("$share/"))) continue;
      // Without $client all clients of the group share one subscription.
      const clients = uses(filter, "client") ? group.clients : 1;
      for (let client = 0; client < clients; client++) {
        filters.add(fill(filter, wordsOf(plan, group, client)));
      }
    }
  }
  if (filters.size === 0) return {};
  const index = new FlowIndex(plan);
  let due = 0;
  for (const filter of filters) {
    const shared = sharedFilter(filter);
    for (const flow of shared ? index.flows(shared.filter) : []) due += sent[flow] ?? 0;
  }
  const came = received.reduce((sum, one) => sum + one.values().reduce((all, times) => all + times, 0), 0);
  return { due, lost: due - came };
}
