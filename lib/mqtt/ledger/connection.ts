import type {
  ConnackPacket,
  ConnectPacket,
  ProtocolVersion,
  PublishPacket,
  Subscription,
} from "../packet.ts";
import type { SenderRole } from "../rules.ts";
import { AliasTable } from "./alias_table.ts";
import { type Announced, announcedByClient, announcedByServer } from "./announced.ts";
import { AnswerOrder } from "./answer_order.ts";
import { numberOf } from "./property_value.ts";

/** A SUBSCRIBE or UNSUBSCRIBE without an answer yet. */
export interface Request {
  readonly type: "SUBSCRIBE" | "UNSUBSCRIBE";
  /** The number of its filters. */
  readonly count: number;
  /** Empty for an UNSUBSCRIBE. */
  readonly subscriptions: readonly Subscription[];
  /**
   * Whether another request with the same packet id was unanswered too, so it is unknown which one an answer
   * belongs to.
   */
  readonly doubled: boolean;
  /** The number of unanswered requests with this packet id. */
  readonly outstanding: number;
}

/** One value per end. */
export type Ends<T> = Record<SenderRole, T>;

/** The three orders of answers that one end must keep, and the order in which it resends. */
export class Orders {
  readonly pubacks = new AnswerOrder();
  readonly pubrecs = new AnswerOrder();
  readonly pubrels = new AnswerOrder();
  readonly repeats = new AnswerOrder();
}

/** The observed state of one network connection. */
export class Connection {
  readonly serial: number;
  version: ProtocolVersion;
  /** The first CONNECT, if its level is known. */
  connect: ConnectPacket | undefined;
  connects = 0;
  /** The first CONNACK. */
  connack: ConnackPacket | undefined;
  connacks = 0;
  /** When CONNACK was recorded, in ms. */
  connackAt = 0;
  /** Whether the connection is part of a session. */
  accepted = false;
  /** Whether the session started on this connection. */
  fresh = false;
  /** When the last packet of the client came, in ms. */
  heardAt: number;
  /** The longest time between two packets of the client so far, in ms. */
  longestSilenceMs = 0;
  /** Whether the client has shown that it has read the CONNACK. */
  connackRead = false;
  /** The number of unanswered PINGREQ packets. */
  pings = 0;
  closed = false;
  /** Whether each answer can be matched to its request: no duplicates, and everything was seen. */
  ordered = true;
  /** Whether everything that an end has sent was seen. */
  readonly seen: Ends<boolean> = { client: true, server: true };
  /** Whether an end has sent DISCONNECT. */
  readonly left: Ends<boolean> = { client: false, server: false };
  /** The number of PUBLISH packets of QoS 1 and 2 that count against the other end's Receive Maximum. */
  readonly unacknowledged: Ends<number> = { client: 0, server: 0 };
  readonly aliases: Ends<AliasTable> = { client: new AliasTable(), server: new AliasTable() };
  readonly orders: Ends<Orders> = { client: new Orders(), server: new Orders() };
  /** By packet id. */
  readonly requests = new Map<number, Request>();

  constructor(serial: number, version: ProtocolVersion, now: number) {
    this.serial = serial;
    this.version = version;
    this.heardAt = now;
  }

  /** Whether everything that both ends have sent was seen. */
  get whole(): boolean {
    return this.seen.client && this.seen.server;
  }

  /** Returns what an end has announced, or undefined before its CONNECT or CONNACK. */
  announced(end: SenderRole): Announced | undefined {
    if (end === "client") return this.connect && announcedByClient(this.connect);
    return this.connack && announcedByServer(this.connack);
  }

  /** Records that a packet of the client came. */
  heard(now: number): void {
    if (this.connect) this.longestSilenceMs = Math.max(this.longestSilenceMs, now - this.heardAt);
    this.heardAt = now;
  }

  /** Returns the topic name of a message, or undefined if it has an alias with an unknown topic. */
  topicOf(packet: PublishPacket, by: SenderRole): string | undefined {
    if (packet.topic !== "" || this.version !== "5.0") return packet.topic;
    const alias = numberOf(packet.properties, "topicAlias");
    return alias === undefined ? packet.topic : this.aliases[by].topic(alias);
  }

  /** Records that an end has sent something unreadable. */
  blur(end: SenderRole): void {
    this.seen[end] = false;
    this.unacknowledged.client = 0;
    this.unacknowledged.server = 0;
    this.ordered = false;
    this.requests.clear();
  }
}

/** Returns the other end. */
export function otherEnd(end: SenderRole): SenderRole {
  return end === "client" ? "server" : "client";
}
