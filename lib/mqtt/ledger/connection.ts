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

/** A SUBSCRIBE or UNSUBSCRIBE that has no answer yet. */
export interface Request {
  readonly type: "SUBSCRIBE" | "UNSUBSCRIBE";
  /** How many filters it has. */
  readonly count: number;
  /** Empty for an UNSUBSCRIBE. */
  readonly subscriptions: readonly Subscription[];
  /** Another one had the same packet id and no answer, so that nobody can tell which of them is answered. */
  readonly doubled: boolean;
  /** How many of this packet id have no answer. */
  readonly outstanding: number;
}

/** One for each end. */
export type Ends<T> = Record<SenderRole, T>;

/** The three orders in which one end has to answer, and that in which it sends again. */
export class Orders {
  readonly pubacks = new AnswerOrder();
  readonly pubrecs = new AnswerOrder();
  readonly pubrels = new AnswerOrder();
  readonly repeats = new AnswerOrder();
}

/** What is known of one network connection. */
export class Connection {
  readonly serial: number;
  version: ProtocolVersion;
  /** The first CONNECT, if its level is a known one. */
  connect: ConnectPacket | undefined;
  connects = 0;
  /** The first CONNACK. */
  connack: ConnackPacket | undefined;
  connacks = 0;
  /** When CONNACK was recorded, in ms. */
  connackAt = 0;
  /** The connection is part of a session. */
  accepted = false;
  /** The session has begun on this connection. */
  fresh = false;
  /** When the client was last heard of, in ms. */
  heardAt: number;
  /** The longest time between two packets of the client so far, in ms. */
  longestSilenceMs = 0;
  /** The client has shown that it has read the CONNACK. */
  connackRead = false;
  /** PINGREQ packets without an answer. */
  pings = 0;
  closed = false;
  /** Whether it can be told which answer is for what: nothing came twice, and everything was seen. */
  ordered = true;
  /** Whether all that an end has sent was seen. */
  readonly seen: Ends<boolean> = { client: true, server: true };
  /** Whether an end has sent DISCONNECT. */
  readonly left: Ends<boolean> = { client: false, server: false };
  /** PUBLISH packets of QoS 1 and 2 that count against the Receive Maximum of the other end. */
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

  /** Whether all that both ends have sent was seen. */
  get whole(): boolean {
    return this.seen.client && this.seen.server;
  }

  /** What an end has announced; undefined before its CONNECT or CONNACK. */
  announced(end: SenderRole): Announced | undefined {
    if (end === "client") return this.connect && announcedByClient(this.connect);
    return this.connack && announcedByServer(this.connack);
  }

  /** The client was heard. */
  heard(now: number): void {
    if (this.connect) this.longestSilenceMs = Math.max(this.longestSilenceMs, now - this.heardAt);
    this.heardAt = now;
  }

  /** The topic name of a message; undefined where an alias stands for it and nobody knows for which. */
  topicOf(packet: PublishPacket, by: SenderRole): string | undefined {
    if (packet.topic !== "" || this.version !== "5.0") return packet.topic;
    const alias = numberOf(packet.properties, "topicAlias");
    return alias === undefined ? packet.topic : this.aliases[by].topic(alias);
  }

  /** An end has sent something that could not be read. */
  blur(end: SenderRole): void {
    this.seen[end] = false;
    this.unacknowledged.client = 0;
    this.unacknowledged.server = 0;
    this.ordered = false;
    this.requests.clear();
  }
}

/** The other end. */
export function otherEnd(end: SenderRole): SenderRole {
  return end === "client" ? "server" : "client";
}
