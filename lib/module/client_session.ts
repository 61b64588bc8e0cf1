import type { DraftOf, PublishPacket } from "../mqtt/packet.ts";

/** A QoS 1 or 2 message on its way to the broker. */
export interface Outgoing {
  readonly packetId: number;
  readonly qos: 1 | 2;
  readonly packet: DraftOf<PublishPacket>;
  /** The broker has the message and PUBREL is what it still needs. */
  readonly released: boolean;
}

/** What a client keeps of a session beyond its connections [MQTT-4.1.0-1]. */
export class ClientSession {
  /** By packet id, in the order in which they were first sent [MQTT-4.6.0-1]. */
  readonly outgoing = new Map<number, Outgoing>();
  /** The ids of QoS 2 messages that were received and not yet released, each with the message where it was not shown yet. */
  readonly incoming = new Map<number, PublishPacket | undefined>();
}

/** So many sessions are kept; the one that was used longest ago goes first. */
const MOST = 8;

/** The kept sessions of a module by client id, until its power is cut. */
export class ClientSessions {
  readonly #byClient = new Map<string, ClientSession>();

  /** The session to connect with: a new one when `clean`, else the one that was kept, or a new one to keep. */
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

  /** Forgets all. */
  clear(): void {
    this.#byClient.clear();
  }
}
