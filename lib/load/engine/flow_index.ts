import { matches } from "../../mqtt/topic.ts";
import { ofShard, ownerOf, type Plan, qosOf, topicOf } from "../plan/plan.ts";

/** The kinds of flows. A responder publishes only answers, so its flows are silent: they have no scheduled messages. */
const MESSAGES = 0;
const SILENT = 1;
const WILL = 2;
/** The most filters whose flows are kept. */
const MOST_FILTERS = 1_000;

/**
 * Knows the topic, the QoS and the publisher of each flow, and which flows a filter matches. A flow is one topic of one
 * publisher; its number is the same in all workers and shards.
 */
export class FlowIndex {
  readonly #topics: string[] = [];
  readonly #qos: Uint8Array;
  readonly #kind: Uint8Array;
  /** The number of the client that publishes a flow, among all clients. */
  readonly #client: Int32Array;
  readonly #byTopic = new Map<string, number[]>();
  readonly #byFilter = new Map<string, readonly number[]>();
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#qos = new Uint8Array(plan.flows);
    this.#kind = new Uint8Array(plan.flows);
    this.#client = new Int32Array(plan.flows).fill(-1);
    for (let flow = 0; flow < plan.flows; flow++) {
      const owner = ownerOf(plan, flow);
      if (!owner) continue;
      const topic = topicOf(plan, owner);
      this.#topics.push(topic);
      this.#qos[flow] = qosOf(owner);
      this.#kind[flow] = owner.will ? WILL : owner.group.role === "respond" ? SILENT : MESSAGES;
      this.#client[flow] = owner.group.firstClient + owner.client;
      const same = this.#byTopic.get(topic);
      if (same) same.push(flow);
      else this.#byTopic.set(topic, [flow]);
    }
  }

  /** The topic of a flow; empty if there is no such flow. */
  topic(flow: number): string {
    return this.#topics[flow] ?? "";
  }

  /** The QoS at which a flow is published. */
  qos(flow: number): number {
    return this.#qos[flow] ?? 0;
  }

  /** Whether a flow is a will. */
  isWill(flow: number): boolean {
    return this.#kind[flow] === WILL;
  }

  /** Whether a client publishes a flow; `client` is its number among all clients. */
  isOf(flow: number, client: number): boolean {
    return this.#client[flow] === client;
  }

  /** Whether the publisher of a flow belongs to this shard, so that both ends of the flow share a clock. */
  isLocal(flow: number): boolean {
    const { shard } = this.#plan;
    return shard.of === 1 || ofShard(this.#plan, this.#client[flow] ?? -1);
  }

  /** Whether a filter matches the topic of a flow of any kind. */
  lets(filter: string, flow: number): boolean {
    return matches(filter, this.topic(flow));
  }

  /** The flows with messages whose topics a filter matches. */
  flows(filter: string): readonly number[] {
    const known = this.#byFilter.get(filter);
    if (known) return known;
    const hasMessages = (flow: number) => this.#kind[flow] === MESSAGES;
    const found = /[+#]/.test(filter)
      ? this.#topics.flatMap((topic, flow) => matches(filter, topic) && hasMessages(flow) ? [flow] : [])
      : (this.#byTopic.get(filter) ?? []).filter(hasMessages);
    // Many different filters mean one for each client, mostly without wildcards; these are found quickly without a cache.
    if (this.#byFilter.size < MOST_FILTERS) this.#byFilter.set(filter, found);
    return found;
  }
}
