import {
  type Packet,
  PACKET_TYPES,
  type PacketOf,
  type PacketType,
  PROTOCOL_VERSIONS,
  type ProtocolVersion,
} from "../packet.ts";
import type { SenderRole } from "../rules.ts";
import type { Connection } from "./connection.ts";
import type { Flight } from "./flight.ts";
import type { Session } from "./session.ts";

/** How a ledger judges what it cannot observe directly. */
export interface Manner {
  /**
   * The end at which the packets are observed: a packet that it sends is recorded before the far end can know
   * of it.
   */
  readonly at: SenderRole;
  /** The silence in milliseconds that a client may add to its Keep Alive; undefined for half of it. */
  readonly graceMs: number | undefined;
  /** The time in milliseconds after which the far end has read what was sent to it. */
  readonly crossingMs: number;
  /** Whether the server may create subscriptions for a client, as section 4.5 allows. */
  readonly assignsSubscriptions: boolean;
}

/** A packet and everything known when it is judged. */
export interface Scene {
  readonly packet: Packet;
  /** The end that sends it. */
  readonly by: SenderRole;
  /** The size of the whole packet in bytes. */
  readonly size: number;
  /** In milliseconds. */
  readonly now: number;
  readonly connection: Connection;
  /** The session; undefined if the connection has none, or has lost it to another connection. */
  readonly session: Session | undefined;
  /** Whether everything was seen since the session started. */
  readonly wholeSession: boolean;
  readonly manner: Manner;
}

/** A broken rule. */
export interface Broken {
  /** One sentence without a full stop, with the numbers. */
  readonly message: string;
  /** The offset of the byte in the packet that shows it; default 0. */
  readonly offset?: number | undefined;
  /** The broken clause, if it is one of the rule's clauses in this version; default the first of them. */
  readonly clause?: string | undefined;
}

/**
 * The clauses of a rule in one version, or for each end that it binds; empty if the standard has no number
 * for it.
 */
export type Clauses = readonly string[] | Readonly<Partial<Record<SenderRole, readonly string[]>>>;

/** What a rule must have seen before it judges. */
export type Needs = "nothing" | "connection" | "session";

/** A rule of the conversation: data and a function that judges one packet. */
export interface LedgerRule {
  /** Its stable name. */
  readonly id: string;
  /** The end that it binds. */
  readonly who: SenderRole | "both";
  /** The versions in which it applies, each with the clauses that state it. */
  readonly clauses: Readonly<Partial<Record<ProtocolVersion, Clauses>>>;
  /** The rule in one sentence. */
  readonly about: string;
  /**
   * `connection`: every packet of the connection, from both ends; `session`: every packet since the session
   * started.
   */
  readonly needs: Needs;
  /** The decoder's rule with the same meaning, which applies if the decoder knows the sender. */
  readonly encoding?: string | undefined;
  /** The packets that can break it. */
  readonly packets: readonly PacketType[];
  readonly check: (scene: Scene) => Broken | undefined;
}

/** Creates the function of a rule that judges packets of certain types. */
export function on<T extends PacketType>(
  packets: readonly T[],
  check: (packet: PacketOf<T>, scene: Scene) => Broken | undefined,
): Pick<LedgerRule, "packets" | "check"> {
  const isOne = (packet: Packet): packet is PacketOf<T> => packets.some((type) => type === packet.type);
  return { packets, check: (scene) => isOne(scene.packet) ? check(scene.packet, scene) : undefined };
}

/** The packets that only the client may send. */
export const CLIENT_PACKETS = ["CONNECT", "SUBSCRIBE", "UNSUBSCRIBE", "PINGREQ"] as const;
/** The packets that only the server may send. */
export const SERVER_PACKETS = ["CONNACK", "SUBACK", "UNSUBACK", "PINGRESP"] as const;
/** The packets that either end may send; AUTH and the server's DISCONNECT only in 5.0. */
export const COMMON_PACKETS = [
  "PUBLISH",
  "PUBACK",
  "PUBREC",
  "PUBREL",
  "PUBCOMP",
  "DISCONNECT",
  "AUTH",
] as const;

/** Whether the end may send packets of this type at all. */
export function maySend(by: SenderRole, type: PacketType): boolean {
  const others: readonly PacketType[] = by === "client" ? SERVER_PACKETS : CLIENT_PACKETS;
  return !others.includes(type);
}

/** The same clauses for 3.1.1 and 5.0. */
export function both(...clauses: readonly string[]): LedgerRule["clauses"] {
  return { "3.1.1": clauses, "5.0": clauses };
}

/** Different clauses for 3.1.1 and 5.0. */
export function each(v3: Clauses, v5: Clauses): LedgerRule["clauses"] {
  return { "3.1.1": v3, "5.0": v5 };
}

/** The clauses of a rule that only 5.0 has. */
export function only5(...clauses: readonly string[]): LedgerRule["clauses"] {
  return { "5.0": clauses };
}

/** The clauses of a rule of every version that no numbered clause states. */
export const UNNUMBERED: LedgerRule["clauses"] = { "3.1": [], "3.1.1": [], "5.0": [] };

/** Returns the clauses of a rule for one sender in one version, or undefined if it does not apply. */
export function clausesFor(
  rule: LedgerRule,
  version: ProtocolVersion,
  by: SenderRole,
): readonly string[] | undefined {
  if (rule.who !== "both" && rule.who !== by) return undefined;
  const clauses = rule.clauses[version];
  return clauses === undefined || isList(clauses) ? clauses : clauses[by];
}

function isList(clauses: Clauses): clauses is readonly string[] {
  return Array.isArray(clauses);
}

/** Returns the versions in which a rule applies, oldest first. */
export function versionsOf(rule: LedgerRule): readonly ProtocolVersion[] {
  return PROTOCOL_VERSIONS.filter((version) => rule.clauses[version] !== undefined);
}

/** Returns the messages of QoS 1 and 2 that the sender of this packet has sent. */
export function ownFlight({ session, by }: Scene): Flight | undefined {
  return session?.flights[by];
}

/** Returns the messages of QoS 1 and 2 that the sender of this packet has received. */
export function otherFlight({ session, by }: Scene): Flight | undefined {
  return session?.flights[by === "client" ? "server" : "client"];
}

/** Whether the client has read the CONNACK and therefore knows the server's limits and its session. */
export function clientKnows({ connection, manner, now }: Scene): boolean {
  if (!connection.connack) return false;
  if (manner.at === "client" || connection.connackRead) return true;
  return now - connection.connackAt > manner.crossingMs;
}

/** Every packet type. */
export const ALL_PACKETS: readonly PacketType[] = PACKET_TYPES;

/** Formats a reason code. */
export function code(reason: number): string {
  return `0x${reason.toString(16).padStart(2, "0")}`;
}

/** Formats a number with its noun, which gets an s unless the number is 1. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
