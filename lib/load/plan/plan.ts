import type { LoadMode } from "../../run/load_event.ts";
import type { ProtocolVersion } from "../../mqtt/packet.ts";
import type { Credentials } from "../../target/target.ts";
import type { BrokerAddress } from "../../transport/address.ts";
import type { Credential } from "../../transport/certificates.ts";
import type { TlsOptions } from "../../transport/tls.ts";
import { MOST_FLOWS } from "../engine/mark.ts";
import type { Loop } from "../executor/executor.ts";
import { flowsOf, type Group } from "../profile/group.ts";
import type { ConnectSettings, Profile } from "../profile/profile.ts";
import type { RateSegment } from "./rate_segment.ts";
import { fill, type Words } from "../profile/template.ts";

/** How clients reach a broker. */
export interface BrokerPlace {
  readonly address: BrokerAddress;
  readonly tls?: TlsOptions | undefined;
  /** An authority for clients that the broker trusts, for groups whose certificates are issued. */
  readonly issuer?: Credential | undefined;
  /** For groups without their own. */
  readonly credentials?: Credentials | undefined;
}

/** A group with the numbers of its first client and flows among all of the run. */
export interface PlannedGroup extends Group {
  readonly firstClient: number;
  /** The number of its first flow; a client has one for each of its topics, in sequence. */
  readonly firstFlow: number;
  /** The number of its first will, which is a flow of one message. */
  readonly firstWill: number;
}

/**
 * What a worker needs to know about a load: plain data, the same for all workers of all shards except the last three
 * fields.
 */
export interface Plan {
  readonly name: string;
  /** The value of `$run`: eight hex digits, the same for all shards of a run. */
  readonly run: string;
  readonly seed: number;
  readonly protocol: ProtocolVersion;
  readonly mode: LoadMode;
  /** Milliseconds between two turns in throughput mode; 0 in latency mode. */
  readonly pauseMs: number;
  readonly loop: Loop;
  readonly connect: ConnectSettings;
  readonly groups: readonly PlannedGroup[];
  readonly clients: number;
  readonly flows: number;
  readonly segments: readonly RateSegment[];
  readonly warmUpMs: number;
  readonly lateAfterMs: number;
  readonly brokers: readonly BrokerPlace[];
  /** Addresses of this machine to connect from, in turn; empty to let the system choose. */
  readonly from: readonly string[];
  readonly shard: { readonly index: number; readonly of: number };
  readonly workers: number;
}

/** What is chosen for a run rather than in its profile. */
export interface RunChoices {
  readonly run: string;
  readonly seed: number;
  readonly brokers: readonly BrokerPlace[];
  readonly from: readonly string[];
  /** Counted from 1. */
  readonly shard: { readonly index: number; readonly of: number };
  readonly workers: number;
}

/** Makes the plan of a run. Throws RangeError if the profile has more flows than marks can distinguish. */
export function planOf(profile: Profile, choices: RunChoices): Plan {
  const groups: PlannedGroup[] = [];
  let clients = 0;
  let flows = 0;
  for (const group of profile.groups) {
    const own = group.clients * (group.publish?.topics ?? 0);
    groups.push({ ...group, firstClient: clients, firstFlow: flows, firstWill: flows + own });
    clients += group.clients;
    flows += flowsOf(group);
  }
  if (flows > MOST_FLOWS) {
    throw new RangeError(
      `The profile has ${flows} topics over all publishers; at most ${MOST_FLOWS} can be distinguished`,
    );
  }
  const { segments } = profile.executor.layOut(fullRate(profile), clients);
  return {
    name: profile.name,
    protocol: profile.protocol,
    mode: profile.mode,
    pauseMs: profile.mode === "throughput" ? pauseFor(profile) : 0,
    loop: profile.executor.loop,
    connect: profile.connect,
    groups,
    clients,
    flows,
    segments,
    warmUpMs: profile.warmUpMs,
    lateAfterMs: profile.lateAfterMs,
    ...choices,
  };
}

/** What all groups together send per second at 100 %; 0 if they have no rates. */
export function fullRate(profile: Pick<Profile, "groups">): number {
  return profile.groups.reduce(
    (sum, group) => sum + (group.role === "respond" ? 0 : group.publish?.rate ?? 0),
    0,
  );
}

/** The longest pause of throughput mode, also used if the rate is unknown; milliseconds. */
const LONGEST_PAUSE_MS = 10;
/**
 * The longest pause with a window. A longer one leaves the window full most of the time: 2 ms measured best with 20
 * messages.
 */
const WINDOW_PAUSE_MS = 2;

/**
 * Chooses the pause of throughput mode, 1 to 10 ms: long enough for a connection to have 32 messages to read or write at
 * once, and short enough for a window not to limit the rate.
 */
function pauseFor(profile: Profile): number {
  const publishing = profile.groups.flatMap(({ publish, clients }) => publish ? [{ publish, clients }] : []);
  const windowed = publishing.some(({ publish }) => publish.qos > 0);
  const longest = windowed ? WINDOW_PAUSE_MS : LONGEST_PAUSE_MS;
  const clients = publishing.reduce((sum, group) => sum + group.clients, 0);
  const rate = fullRate(profile);
  if (!profile.executor.knownRate || rate === 0) return longest;
  return Math.min(longest, Math.max(1, Math.round(32_000 * clients / rate)));
}

/** Whether a client, by its number among all, belongs to this shard. */
export function ofShard(plan: Pick<Plan, "shard">, client: number): boolean {
  return client % plan.shard.of === plan.shard.index - 1;
}

/** Whether a client, by its number among all, belongs to a worker (counted from 0) of this shard. */
export function ofWorker(plan: Pick<Plan, "shard" | "workers">, client: number, worker: number): boolean {
  return ofShard(plan, client) && Math.floor(client / plan.shard.of) % plan.workers === worker;
}

/** The broker to which a client of a group connects, by its number among all; `moved` is how often it has tried the next one. */
export function brokerOf(
  plan: Pick<Plan, "brokers">,
  group: Pick<Group, "broker">,
  client: number,
  moved = 0,
): BrokerPlace | undefined {
  const home = group.broker === undefined ? client : group.broker - 1;
  return plan.brokers[(home + moved) % plan.brokers.length];
}

/** The values of the words in a client's templates. */
export function wordsOf(
  plan: Pick<Plan, "run">,
  group: Pick<Group, "name">,
  client: number,
  topic = 0,
): Words {
  return { run: plan.run, group: group.name, client, topic };
}

/** The publisher of a flow: a group, the number of the client in it, and the number of the topic; 0 for a will. */
export interface FlowOwner {
  readonly group: PlannedGroup;
  readonly client: number;
  readonly topic: number;
  readonly will: boolean;
}

/** Finds the publisher of a flow; undefined if there is no such flow. */
export function ownerOf(plan: Pick<Plan, "groups">, flow: number): FlowOwner | undefined {
  for (const group of plan.groups) {
    const topics = group.publish?.topics ?? 0;
    const own = flow - group.firstFlow;
    if (own >= 0 && own < group.clients * topics) {
      return { group, client: Math.floor(own / topics), topic: own % topics, will: false };
    }
    const will = flow - group.firstWill;
    if (group.will && will >= 0 && will < group.clients) return { group, client: will, topic: 0, will: true };
  }
  return undefined;
}

/** The topic of a flow. If the mark is its last level, that level has only the character that begins a mark. */
export function topicOf(plan: Pick<Plan, "run">, owner: FlowOwner): string {
  const { will, publish } = owner.group;
  const template = owner.will ? will?.topic : publish?.topic;
  const { payload } = publish ?? {};
  const marked = !owner.will && payload?.kind === "exact" && payload.mark === "topic";
  const topic = template ? fill(template, wordsOf(plan, owner.group, owner.client, owner.topic)) : "";
  return marked ? `${topic}/@` : topic;
}

/** The QoS at which a flow is published. */
export function qosOf(owner: FlowOwner): number {
  return (owner.will ? owner.group.will?.qos : owner.group.publish?.qos) ?? 0;
}
