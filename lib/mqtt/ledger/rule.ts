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

/** How a ledger judges what it cannot see for itself. */
export interface Manner {
  /** The end at which the packets are seen: a packet that it sends is recorded before the far end can know of it. */
  readonly at: SenderRole;
  /** Milliseconds of silence that a client may add to its Keep Alive; undefined for half of it. */
  readonly graceMs: number | undefined;
  /** Milliseconds after which the far end has read what was sent to it. */
  readonly crossingMs: number;
  /** The server may give a client subscriptions that it did not ask for, as section 4.5 lets it. */
  readonly assignsSubscriptions: boolean;
}

/** A packet and all that is known when it is judged. */
export interface Scene {
  readonly packet: Packet;
  /** The end that sends it. */
  readonly by: SenderRole;
  /** Bytes of the whole packet. */
  readonly size: number;
  /** Milliseconds. */
  readonly now: number;
  readonly connection: Connection;
  /** The session; undefined where the connection has none, or has lost it to another one. */
  readonly session: Session | undefined;
  /** Whether everything was seen since the session began. */
  readonly wholeSession: boolean;
  readonly manner: Manner;
}

/** A rule that a packet breaks. */
export interface Broken {
  /** One sentence without a full stop, with the numbers. */
  readonly message: string;
  /** The byte in the packet at which it shows; default 0. */
  readonly offset?: number | undefined;
  /** The clause that is broken, if it is one of the rule's in this version; default the first of them. */
  readonly clause?: string | undefined;
}

/** The clauses of a rule in one version, or of each end that it binds there; empty where the text has no number for it. */
export type Clauses = readonly string[] | Readonly<Partial<Record<SenderRole, readonly string[]>>>;

/** What a rule has to have seen before it judges. */
export type Needs = "nothing" | "connection" | "session";

/** A rule of the conversation: data, and a function that looks at one packet. */
export interface LedgerRule {
  /** Its stable name. */
  readonly id: string;
  /** Whom it binds. */
  readonly who: SenderRole | "both";
  /** The versions in which it holds, each with the clauses that state it. */
  readonly clauses: Readonly<Partial<Record<ProtocolVersion, Clauses>>>;
  /** The rule in one sentence. */
  readonly about: string;
  /** `connection`: every packet of the connection, from both ends; `session`: every packet since the session began. */
  readonly needs: Needs;
  /** The decoder's rule that says the same where it knows which end has sent the packet. */
  readonly encoding?: string | undefined;
  /** The packets that can break it. */
  readonly packets: readonly PacketType[];
  readonly check: (scene: Scene) => Broken | undefined;
}

/** The part of a rule that looks at packets of some types. */
export function on<T extends PacketType>(
  packets: readonly T[],
  check: (packet: PacketOf<T>, scene: Scene) => Broken | undefined,
): Pick<LedgerRule, "packets" | "check"> {
  const isOne = (packet: Packet): packet is PacketOf<T> => packets.some((type) => type === packet.type);
  return { packets, check: (scene) => isOne(scene.packet) ? check(scene.packet, scene) : undefined };
}

/** What the client alone may send. */
export const CLIENT_PACKETS = ["CONNECT", "SUBSCRIBE", "UNSUBSCRIBE", "PINGREQ"] as const;
/** What the server alone may send. */
export const SERVER_PACKETS = ["CONNACK", "SUBACK", "UNSUBACK", "PINGRESP"] as const;
/** What either end may send, AUTH and the server's DISCONNECT in 5.0 only. */
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

/** The same clauses in 3.1.1 and 5.0. */
export function both(...clauses: readonly string[]): LedgerRule["clauses"] {
  return { "3.1.1": clauses, "5.0": clauses };
}

/** Clauses for 3.1.1 and 5.0 that differ. */
export function each(v3: Clauses, v5: Clauses): LedgerRule["clauses"] {
  return { "3.1.1": v3, "5.0": v5 };
}

/** Clauses of a rule that only 5.0 has. */
export function only5(...clauses: readonly string[]): LedgerRule["clauses"] {
  return { "5.0": clauses };
}

/** A rule of every version that no clause states by number. */
export const UNNUMBERED: LedgerRule["clauses"] = { "3.1": [], "3.1.1": [], "5.0": [] };

/** The clauses of a rule for one sender in one version; undefined where it does not hold. */
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

/** The versions in which a rule holds, oldest first. */
export function versionsOf(rule: LedgerRule): readonly ProtocolVersion[] {
  return PROTOCOL_VERSIONS.filter((version) => rule.clauses[version] !== undefined);
}

/** The messages of QoS 1 and 2 that the sender of this packet has sent. */
export function ownFlight({ session, by }: Scene): Flight | undefined {
  return session?.flights[by];
}

/** The messages of QoS 1 and 2 that came to the sender of this packet. */
export function otherFlight({ session, by }: Scene): Flight | undefined {
  return session?.flights[by === "client" ? "server" : "client"];
}

/** Whether the client has read the CONNACK, so that it knows the server's limits and its session. */
export function clientKnows({ connection, manner, now }: Scene): boolean {
  if (!connection.connack) return false;
  if (manner.at === "client" || connection.connackRead) return true;
  return now - connection.connackAt > manner.crossingMs;
}

/** Every packet type. */
export const ALL_PACKETS: readonly PacketType[] = PACKET_TYPES;

/** A reason code as it is written. */
export function code(reason: number): string {
  return `0x${reason.toString(16).padStart(2, "0")}`;
}

/** A number with its noun, which gets an s unless the number is 1. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
