import type { Draft, ProtocolVersion, QoS } from "../mqtt/packet.ts";
import { Backlog, type BacklogLimits } from "./backlog.ts";
import type { CloseCause, Delivery, Message } from "./message.ts";
import type { HeldWill } from "./will.ts";

/** A subscription of a session. */
export interface Held {
  readonly session: Session;
  /** As the client sent it, including `$share/…`. */
  readonly filter: string;
  /** The highest QoS of its deliveries. */
  readonly qos: QoS;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  /** The 5.0 subscription identifier. */
  readonly identifier?: number | undefined;
  /** Whether a filter that begins with `$share/` is a shared subscription. */
  readonly shared: boolean;
}

/** A client that is connected now, as the rest of the broker sees it. */
export interface Peer {
  readonly version: ProtocolVersion;
  /** Its Receive Maximum: how many QoS 1 and 2 messages may be unacknowledged. */
  readonly receiveMaximum: number;
  /** Its Topic Alias Maximum: the highest alias that it accepts. */
  readonly topicAliasMaximum: number;
  /** Whether too many bytes wait for the client; messages that can wait should then wait. */
  readonly congested: boolean;
  /** Queues a packet; drops one over the client's Maximum Packet Size and returns false. */
  send(packet: Draft): boolean;
  /** Sends a message, or queues it in the session. */
  deliver(delivery: Delivery): void;
  /** Ends the connection; `reason` goes into a DISCONNECT if the version has one from the server. */
  end(cause: CloseCause, reason?: number): void;
}

/** The state of one client id, which survives its connection or ends with it. */
export class Session {
  readonly clientId: string;
  readonly subscriptions: Map<string, Held> = new Map();
  /** Packet ids of QoS 2 messages that still wait for PUBREL, each with its message if it is forwarded only then. */
  readonly received: Map<number, Message | undefined> = new Map();
  /** Sent but not answered by PUBACK or PUBREC, in the order of first sending. */
  readonly unacknowledged: Map<number, Delivery> = new Map();
  /** PUBREC received and PUBREL sent, but PUBCOMP not received yet; in the order of the PUBRECs. */
  readonly released: Map<number, Delivery> = new Map();
  /** Not sent yet, oldest first. */
  readonly queue: Backlog;
  /** Seconds for which the session is kept after a close; Infinity for forever. */
  expirySeconds = 0;
  will: HeldWill | undefined;
  peer: Peer | undefined;
  readonly #nextPacketId: (last: number, tries: number) => number;
  #lastPacketId = 0;

  constructor(
    clientId: string,
    limits: BacklogLimits,
    nextPacketId: (last: number, tries: number) => number,
  ) {
    this.clientId = clientId;
    this.queue = new Backlog(limits);
    this.#nextPacketId = nextPacketId;
  }

  /** A packet id that nothing in flight uses, or undefined if none is found. [MQTT-2.3.1-4] */
  freePacketId(): number | undefined {
    for (let tries = 0; tries < 65_535; tries++) {
      this.#lastPacketId = this.#nextPacketId(this.#lastPacketId, tries);
      const id = this.#lastPacketId;
      if (!this.unacknowledged.has(id) && !this.released.has(id)) return id;
    }
    return undefined;
  }
}
