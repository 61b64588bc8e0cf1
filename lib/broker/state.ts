import type { Delivery, Message } from "./message.ts";
import type { Held, Session } from "./session.ts";

/** A session as a restarted broker gets it from the one before. */
export interface StoredSession {
  readonly clientId: string;
  /** Seconds that are left of its life; Infinity for ever. */
  readonly expirySeconds: number;
  readonly subscriptions: readonly Omit<Held, "session">[];
  /** Packet ids of QoS 2 messages taken and not yet released, with those that are handed on at their release. */
  readonly received: readonly (readonly [packetId: number, message: Message | undefined])[];
  /** Sent and not answered, in order. */
  readonly unacknowledged: readonly (readonly [packetId: number, delivery: Delivery])[];
  /** Answered by PUBREC and not by PUBCOMP, in order. */
  readonly released: readonly (readonly [packetId: number, delivery: Delivery])[];
  /** Not sent yet, oldest first. */
  readonly queue: readonly Delivery[];
}

/** The state that a stopped broker hands to the one that follows it, as plain data. */
export interface BrokerState {
  readonly retained: readonly Message[];
  readonly sessions: readonly StoredSession[];
}

/** The state of a broker that follows none. */
export const EMPTY_STATE: BrokerState = { retained: [], sessions: [] };

/** A session as it is handed to the broker that follows. */
export function storedSession(session: Session): StoredSession {
  return {
    clientId: session.clientId,
    expirySeconds: session.expirySeconds,
    subscriptions: [...session.subscriptions.values()].map(({ session: _, ...held }) => held),
    received: [...session.received],
    unacknowledged: [...session.unacknowledged],
    released: [...session.released],
    queue: session.queue.all(),
  };
}
