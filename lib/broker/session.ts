import type { Draft, ProtocolVersion, QoS } from "../mqtt/packet.ts";
import { Backlog, type BacklogLimits } from "./backlog.ts";
import type { CloseCause, Delivery } from "./message.ts";
import type { HeldWill } from "./will.ts";

/** A subscription that a session holds. */
export interface Held {
  readonly session: Session;
  /** As the client wrote it, `$share/…` included. */
  readonly filter: string;
  /** The highest QoS at which it is served. */
  readonly qos: QoS;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  /** The 5.0 subscription identifier. */
  readonly identifier?: number;
  /** Whether `$share/` at its beginning makes it a shared one. */
  readonly shared: boolean;
}

/** A client that is connected now, as the rest of the broker sees it. */
export interface Peer {
  readonly version: ProtocolVersion;
  /** Its Receive Maximum: how many QoS 1 and 2 messages may be unacknowledged. */
  readonly receiveMaximum: number;
  /** Bytes wait that the client does not take; messages that may wait should. */
  readonly congested: boolean;
  /** Queues a packet; gives false for one over the client's Maximum Packet Size, which then is not sent. */
  send(packet: Draft): boolean;
  /** Sends a message, or queues it in the session. */
  deliver(delivery: Delivery): void;
  /** Ends the connection; `reason` goes into a DISCONNECT where the version has one. */
  end(cause: CloseCause, reason?: number): void;
}

/** What the broker keeps of one client id: it lives through connections, or ends with one. */
export class Session {
  readonly clientId: string;
  readonly subscriptions: Map<string, Held> = new Map();
  /** Packet ids of QoS 2 messages taken and not yet released by PUBREL. */
  readonly received: Set<number> = new Set();
  /** Sent and not answered by PUBACK or PUBREC, in the order of first sending. */
  readonly unacknowledged: Map<number, Delivery> = new Map();
  /** PUBREC came, PUBREL went, PUBCOMP is due; in the order of the PUBRECs. */
  readonly released: Map<number, Delivery> = new Map();
  /** Not sent yet, oldest first. */
  readonly queue: Backlog;
  /** Seconds the session is kept after a close; Infinity for ever. */
  expirySeconds = 0;
  will: HeldWill | undefined;
  peer: Peer | undefined;
  #lastPacketId = 0;

  constructor(clientId: string, limits: BacklogLimits) {
    this.clientId = clientId;
    this.queue = new Backlog(limits);
  }

  /** A packet id that nothing in flight uses, or undefined when all 65,535 are in use. [MQTT-2.3.1-4] */
  freePacketId(): number | undefined {
    for (let tries = 0; tries < 65_535; tries++) {
      this.#lastPacketId = this.#lastPacketId % 65_535 + 1;
      const id = this.#lastPacketId;
      if (!this.unacknowledged.has(id) && !this.released.has(id)) return id;
    }
    return undefined;
  }
}
