import { ofShard, type Plan, type PlannedGroup } from "../plan/plan.ts";

/**
 * How many messages each group of a plan waits for: 0 for those that wait for none. If the number is for a whole group,
 * each shard waits for its part. The memory can be shared: workers subtract what arrives.
 */
export function awaitedOf(plan: Plan): Int32Array {
  const awaited = new Int32Array(new SharedArrayBuffer(4 * Math.max(1, plan.groups.length)));
  for (const [index, group] of plan.groups.entries()) {
    const { endsAfter } = group;
    if (!endsAfter) continue;
    awaited[index] = "all" in endsAfter
      ? Math.ceil(endsAfter.all / plan.shard.of)
      : Math.min(2 ** 31 - 1, endsAfter.each * clientsOfShard(plan, group));
  }
  return awaited;
}

function clientsOfShard(plan: Plan, { firstClient, clients }: PlannedGroup): number {
  let count = 0;
  for (let index = 0; index < clients; index++) if (ofShard(plan, firstClient + index)) count++;
  return count;
}

/** The messages of one client for which its group waits. */
export class AwaitedMessages {
  readonly #awaited: Int32Array;
  readonly #group: number;
  /** How many more messages of this client the end depends on; Infinity if it depends on those of the group. */
  #left: number;

  /** `group` is the index of the client's group in the plan; undefined if the group waits for none. */
  static of(plan: Plan, group: PlannedGroup, awaited: Int32Array): AwaitedMessages | undefined {
    const { endsAfter } = group;
    const index = plan.groups.findIndex(({ name }) => name === group.name);
    return endsAfter && new AwaitedMessages(awaited, index, "each" in endsAfter ? endsAfter.each : Infinity);
  }

  private constructor(awaited: Int32Array, group: number, each: number) {
    this.#awaited = awaited;
    this.#group = group;
    this.#left = each;
  }

  /** Records that a message has arrived. */
  came(): void {
    if (this.#left === 0) return;
    this.#left--;
    Atomics.sub(this.#awaited, this.#group, 1);
  }
}
