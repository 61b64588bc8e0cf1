import type { ProtocolVersion, QoS } from "../../mqtt/packet.ts";
import type { Executor, LoadMode } from "../../run/load_event.ts";
import type { Threshold } from "../../run/threshold.ts";
import type { Template } from "./template.ts";

/** What the clients of a group do. `both` publishes and subscribes; `idle` only holds its connection. */
export const ROLES = ["publish", "subscribe", "both", "request", "respond", "idle", "churn"] as const;
export type Role = (typeof ROLES)[number];

/** What a message carries. All but `text` and `json` begin with the mark by which attest knows a message again. */
export type Payload =
  /** Bytes, of one size or of several by weight. */
  | { readonly kind: "bytes"; readonly sizes: readonly { readonly size: number; readonly weight: number }[] }
  /** Text; its `$mark` is what attest knows it by. */
  | { readonly kind: "text"; readonly template: Template };

export interface Publishing {
  readonly topic: Template;
  /** How many topics each client takes in turn; `$topic` counts them from 0. */
  readonly topics: number;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly payload: Payload;
  /** Messages per second of the whole group at 100 %; absent where the executor is closed-loop. */
  readonly rate?: number;
  /** Messages of QoS 1 and 2 that a client has in flight at most; 1 to 65,535. */
  readonly inFlight: number;
  /** Send a topic alias in the place of the topic, after the first message of each (5.0). */
  readonly topicAlias: boolean;
  readonly userProperties: readonly (readonly [name: string, value: string])[];
  /** End after so many messages of each client. */
  readonly messages?: number;
}

export interface Subscribing {
  readonly filter: Template;
  readonly qos: QoS;
}

export interface WillPlan {
  readonly topic: Template;
  readonly qos: QoS;
  readonly retain: boolean;
}

/** A time in which the clients of a group are connected, in milliseconds since the load began. */
export interface Online {
  readonly fromMs: number;
  /** Absent for the end of the load. */
  readonly untilMs?: number;
  /** How they leave: by DISCONNECT, or by closing the connection without a word. */
  readonly leave: "disconnect" | "cut";
}

export interface Churn {
  /** What comes and goes: the connection, or the subscriptions of one that stays. */
  readonly what: "connection" | "subscription";
  readonly upMs: number;
  readonly downMs: number;
}

export interface Group {
  readonly name: string;
  readonly role: Role;
  readonly clients: number;
  readonly clientId: Template;
  readonly userName?: Template;
  readonly password?: Template;
  /** Whether the broker is to forget the session with the connection. */
  readonly cleanSession: boolean;
  /** Seconds (5.0); absent for the default of the version. */
  readonly sessionExpiry?: number;
  readonly receiveMaximum?: number;
  /** Seconds; 0 is off. */
  readonly keepAlive: number;
  readonly userProperties: readonly (readonly [name: string, value: string])[];
  readonly will?: WillPlan;
  readonly subscribe: readonly Subscribing[];
  readonly publish?: Publishing;
  readonly online: readonly Online[];
  readonly churn?: Churn;
  /** A slow reader's pause after each reading, in milliseconds. */
  readonly readPauseMs: number;
}

/** How connections come about. */
export interface Connecting {
  /** Connections begun per second; Infinity for as fast as the broker answers. */
  readonly rate: number;
  /** Connections on their way at once at most, over all workers. */
  readonly outstanding: number;
  /** How long one may take until its CONNACK, in milliseconds. */
  readonly withinMs: number;
  /** Whether a connection that failed or was lost is tried again. */
  readonly again: boolean;
  /** The wait before the first new attempt, doubled with each up to the second; in milliseconds. */
  readonly backOffMs: readonly [first: number, most: number];
}

/**
 * A period of the load. Rates and clients are shares of the groups' full numbers; 1 is all. Where no share of clients is
 * given, as many as before stay, and all at first.
 */
export type Stage =
  | { readonly kind: "ramp"; readonly ms: number; readonly rate: number; readonly clients?: number }
  | { readonly kind: "hold"; readonly ms: number; readonly rate: number; readonly clients?: number }
  /** From where the last stage ended to `rate`, in so many equal steps. */
  | {
    readonly kind: "step";
    readonly ms: number;
    readonly rate: number;
    readonly clients?: number;
    readonly steps: number;
  }
  /** At once to `rate`, and at its end back to what was before. */
  | { readonly kind: "spike"; readonly ms: number; readonly rate: number; readonly clients?: number }
  /** Up and down between the rate before and `rate`, as a sine. */
  | {
    readonly kind: "wave";
    readonly ms: number;
    readonly rate: number;
    readonly clients?: number;
    readonly periodMs: number;
  };

/** The highest rate that keeps the thresholds is looked for. Rates in messages per second of all groups together. */
export interface Search {
  readonly from: number;
  readonly to: number;
  /** How long each rate is held and measured, in milliseconds; and how long it settles before. */
  readonly holdMs: number;
  readonly settleMs: number;
  /** The search ends when the bounds are this close, as a share of the upper. */
  readonly precision: number;
}

/** Messages in one direction between a module's host and its broker. */
export interface ModuleFlow {
  /** Per second at 100 %. */
  readonly rate: number;
  /** Of each message in turn. */
  readonly qos: readonly QoS[];
  /** Bytes of a payload. */
  readonly size: number;
}

/** What a module is driven with, in the place of groups of clients: attest is its host and its broker. */
export interface ModulePlan {
  readonly publish?: ModuleFlow;
  readonly deliver?: ModuleFlow;
  /** How long the module may take to answer, in milliseconds; default what its dialect says. */
  readonly answerMs?: number;
}

/** A load as its file tells it. */
export interface Profile {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly file: string;
  /** The file's whole text, for the record. */
  readonly text: string;
  readonly protocol: ProtocolVersion;
  readonly mode: LoadMode;
  readonly executor: Executor;
  readonly connect: Connecting;
  /** Empty where a module is driven. */
  readonly groups: readonly Group[];
  readonly module?: ModulePlan;
  readonly stages: readonly Stage[];
  readonly search?: Search;
  readonly warmUpMs: number;
  /** How long is waited for what is still on its way when the last message was sent. */
  readonly drainMs: number;
  /** A message that takes longer counts as late. */
  readonly lateAfterMs: number;
  readonly thresholds: readonly Threshold[];
}
