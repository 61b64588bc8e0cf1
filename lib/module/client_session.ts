import type { DraftOf, PublishPacket } from "../mqtt/packet.ts";

/** A QoS 1 or 2 message in transit to the broker. */
export interface Outgoing {
  readonly packetId: number;
  readonly qos: 1 | 2;
  readonly packet: DraftOf<PublishPacket>;
  /** Whether the broker has received the message and still needs PUBREL. */
  readonly released: boolean;
}

/** The client's session state, which outlives its connections [MQTT-4.1.0-1]. */
export class ClientSession {
  /** The unacknowledged messages by packet id, in the order of first sending [MQTT-4.6.0-1]. */
  readonly outgoing = new Map<number, Outgoing>();
  /** The ids of received QoS 2 messages before their PUBREL, with the message if it has not been reported yet. */
  readonly incoming = new Map<number, PublishPacket | undefined>();
}

/** How many sessions are kept; the least recently used is dropped first. */
const MOST = 8;

/** The persistent sessions of a module by client id, until its power is cut. */
export class ClientSessions {
  readonly #byClient = new Map<string, ClientSession>();

  /**
   * Returns the session to connect with: a new one if `clean`, otherwise the stored one or a new one to
   * store.
   */
  take(clientId: string, clean: boolean): ClientSession {
    const kept = clean ? undefined : this.#byClient.get(clientId);
    this.#byClient.delete(clientId);
    const session = kept ?? new ClientSession();
    if (clean) return session;
    this.#byClient.set(clientId, session);
    for (const oldest of this.#byClient.keys()) {
      if (this.#byClient.size <= MOST) break;
      this.#byClient.delete(oldest);
    }
    return session;
  }

  /** Forgets all sessions. */
  clear(): void {
    this.#byClient.clear();
  }
}
