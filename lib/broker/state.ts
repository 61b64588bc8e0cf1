import type { Delivery, Message } from "./message.ts";
import type { Held, Session } from "./session.ts";

/** A session as a restarted broker receives it from the previous one. */
export interface StoredSession {
  readonly clientId: string;
  /** Seconds until it expires; Infinity for never. */
  readonly expirySeconds: number;
  readonly subscriptions: readonly Omit<Held, "session">[];
  /** Packet ids of QoS 2 messages that still wait for PUBREL, each with its message if it is forwarded only then. */
  readonly received: readonly (readonly [packetId: number, message: Message | undefined])[];
  /** Sent but not answered, in order. */
  readonly unacknowledged: readonly (readonly [packetId: number, delivery: Delivery])[];
  /** Answered by PUBREC but not by PUBCOMP, in order. */
  readonly released: readonly (readonly [packetId: number, delivery: Delivery])[];
  /** Not sent yet, oldest first. */
  readonly queue: readonly Delivery[];
}

/** The state that a stopped broker hands to the next one, as plain data. */
export interface BrokerState {
  readonly retained: readonly Message[];
  readonly sessions: readonly StoredSession[];
}

/** The state of a broker without a predecessor. */
export const EMPTY_STATE: BrokerState = { retained: [], sessions: [] };

/** A session in the form for the next broker. */
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
