import { matches } from "../../mqtt/topic.ts";
import { ofShard, ownerOf, type Plan, qosOf, topicOf } from "../plan/plan.ts";

const MESSAGES = 0;
/** Responders publish what others have asked, so their flows have no messages of their own. */
const SILENT = 1;
const WILL = 2;

/** Which flows a filter lets in. Topics are made once, filters without wildcards are looked up, others remembered. */
export class FlowIndex {
  readonly #topics: string[] = [];
  readonly #qos: Uint8Array;
  readonly #kind: Uint8Array;
  /** The number of the client that publishes a flow. */
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

  /** The topic of a flow; empty where there is none. */
  topic(flow: number): string {
    return this.#topics[flow] ?? "";
  }

  /** The QoS that a flow is published with. */
  qos(flow: number): number {
    return this.#qos[flow] ?? 0;
  }

  /** Whether a flow is a will. */
  isWill(flow: number): boolean {
    return this.#kind[flow] === WILL;
  }

  /** Whether a flow is that of a client, by its number among all. */
  isOf(flow: number, client: number): boolean {
    return this.#client[flow] === client;
  }

  /** Whether the flow's publisher is one of this shard, so that both its ends look at one clock. */
  isLocal(flow: number): boolean {
    const { shard } = this.#plan;
    return shard.of === 1 || ofShard(this.#plan, this.#client[flow] ?? -1);
  }

  /** Whether a filter lets a flow in, whatever kind it is. */
  lets(filter: string, flow: number): boolean {
    return matches(filter, this.topic(flow));
  }

  /** The flows of messages that a filter lets in. */
  flows(filter: string): readonly number[] {
    const known = this.#byFilter.get(filter);
    if (known) return known;
    const heard = (flow: number) => this.#kind[flow] === MESSAGES;
    const found = /[+#]/.test(filter)
      ? this.#topics.flatMap((topic, flow) => matches(filter, topic) && heard(flow) ? [flow] : [])
      : (this.#byTopic.get(filter) ?? []).filter(heard);
    // Filters of each client's own are looked up fast anyway; only those that are shared are worth the memory.
    if (this.#byFilter.size < 1_000) this.#byFilter.set(filter, found);
    return found;
  }
}
