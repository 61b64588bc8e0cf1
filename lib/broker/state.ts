import type { Delivery, Message } from "./message.ts";
import type { Held } from "./session.ts";

/** A session as it outlives its broker. */
export interface StoredSession {
  readonly clientId: string;
  /** Seconds that are left of its life; Infinity for ever. */
  readonly expirySeconds: number;
  readonly subscriptions: readonly Omit<Held, "session">[];
  /** Packet ids of QoS 2 messages taken and not yet released. */
  readonly received: readonly number[];
  /** Sent and not answered, in order. */
  readonly unacknowledged: readonly (readonly [packetId: number, delivery: Delivery])[];
  /** Answered by PUBREC and not by PUBCOMP, in order. */
  readonly released: readonly (readonly [packetId: number, delivery: Delivery])[];
  /** Not sent yet, oldest first. */
  readonly queue: readonly Delivery[];
}

/** What a broker that was stopped hands to the one that follows it: plain data, nothing of the old one in it. */
export interface BrokerState {
  readonly retained: readonly Message[];
  readonly sessions: readonly StoredSession[];
}

/** What a broker begins with that follows none. */
export const EMPTY_STATE: BrokerState = { retained: [], sessions: [] };
