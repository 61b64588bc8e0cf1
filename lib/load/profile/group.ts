import type { QoS } from "../../mqtt/packet.ts";
import type { Arrivals } from "../plan/arrivals.ts";
import type { Spread } from "./spread.ts";
import type { Template } from "./template.ts";

/** What the clients of a group do. `both` publishes and subscribes; `idle` only holds its connection. */
export const GROUP_ROLES = ["publish", "subscribe", "both", "request", "respond", "idle", "churn"] as const;
/** One of {@link GROUP_ROLES}. */
export type GroupRole = (typeof GROUP_ROLES)[number];

/** What a message carries. Bytes begin with the mark by which attest recognizes a message; a text contains it. */
export type Payload =
  /** Bytes, of one size or of several by weight. */
  | { readonly kind: "bytes"; readonly sizes: readonly { readonly size: number; readonly weight: number }[] }
  /** Text; the mark replaces its `$mark`. */
  | { readonly kind: "text"; readonly template: Template }
  /** Text exactly as given; the mark is a user property, or the last level of the topic. */
  | { readonly kind: "exact"; readonly template: Template; readonly mark: "user-property" | "topic" };

/** What the clients of a group publish. */
export interface PublishSettings {
  readonly topic: Template;
  /** How many topics each client uses in turn; `$topic` counts them from 0. */
  readonly topics: number;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly payload: Payload;
  /** Messages per second of the whole group at 100 %; absent if no rate is given, as in a closed loop. */
  readonly rate?: number | undefined;
  /** How the messages are spread over the time that their rate gives them. */
  readonly arrivals: Arrivals;
  /** The most messages of QoS 1 and 2 that a client has in flight; 1 to 65,535. */
  readonly inFlight: number;
  /** Whether a topic alias replaces the topic after the first message of each topic (5.0). */
  readonly topicAlias: boolean;
  readonly userProperties: readonly (readonly [name: string, value: string])[];
  /** Each client stops after this many messages. */
  readonly messages?: number | undefined;
}

/** One subscription of each client of a group. */
export interface SubscribeSettings {
  readonly filter: Template;
  readonly qos: QoS;
}

/** The will of each client of a group. */
export interface WillPlan {
  readonly topic: Template;
  readonly qos: QoS;
  readonly retain: boolean;
}

/** A period in which the clients of a group are connected, in milliseconds since the load began. */
export interface Online {
  readonly fromMs: number;
  /** Absent if it lasts until the end of the load. */
  readonly untilMs?: number | undefined;
  /** How they leave: by DISCONNECT, or by closing the connection without one. */
  readonly leave: "disconnect" | "cut";
}

/** What comes and goes in a group with the role `churn`. */
export interface Churn {
  /** The connection, or the subscriptions of a connection that stays. */
  readonly what: "connection" | "subscription";
  readonly upMs: number;
  readonly downMs: number;
}

/** The certificate of each client: issued when the load starts, or read from a file for each client. */
export type GroupCertificate =
  | { readonly kind: "issued" }
  | { readonly kind: "files"; readonly certificate: Template; readonly key: Template };

/** How long the connections of a group live before their clients end them and reconnect. */
export interface Lifetime {
  readonly up: Spread;
  readonly down: Spread;
  /** How they leave: by DISCONNECT, once nothing is in flight, or by closing the connection without one. */
  readonly leave: "disconnect" | "cut";
}

/** A group of clients that all do the same. */
export interface Group {
  readonly name: string;
  readonly role: GroupRole;
  readonly clients: number;
  readonly clientId: Template;
  readonly userName?: Template | undefined;
  readonly password?: Template | undefined;
  /** The target to which its clients connect first, counted from 1; absent to spread them over all targets in turn. */
  readonly broker?: number | undefined;
  /** Absent to use the certificate of the target, if it has one. */
  readonly certificate?: GroupCertificate | undefined;
  /** Whether the broker discards the session when the connection ends. */
  readonly cleanSession: boolean;
  /** Seconds (5.0); absent to use the default of the version. */
  readonly sessionExpiry?: number | undefined;
  readonly receiveMaximum?: number | undefined;
  /** Seconds; 0 is off. */
  readonly keepAlive: number;
  readonly userProperties: readonly (readonly [name: string, value: string])[];
  readonly will?: WillPlan | undefined;
  readonly subscribe: readonly SubscribeSettings[];
  readonly publish?: PublishSettings | undefined;
  readonly online: readonly Online[];
  readonly churn?: Churn | undefined;
  /** Absent if connections live as long as the profile keeps their clients online. */
  readonly lifetime?: Lifetime | undefined;
  /** The messages after which the load may end: of each client, or of the group; absent if no messages end it. */
  readonly endsAfter?: { readonly each: number } | { readonly all: number } | undefined;
  /** How long a client of the role `respond` takes to answer; absent to answer at once. */
  readonly think?: Spread | undefined;
  /** The pause of a slow reader after each read, in milliseconds. */
  readonly readPauseMs: number;
}

/** How many flows a group has: one for each topic of each client, and one for each will. */
export function flowsOf({ clients, publish, will }: Pick<Group, "clients" | "publish" | "will">): number {
  return clients * ((publish?.topics ?? 0) + (will ? 1 : 0));
}
