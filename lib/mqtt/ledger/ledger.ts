import { defined } from "../../ground/defined.ts";
import type { Frame, Violation } from "../frame.ts";
import type {
  ConnackPacket,
  ConnectPacket,
  Packet,
  PacketType,
  ProtocolVersion,
  PublishPacket,
} from "../packet.ts";
import { PACKET_TYPES } from "../packet.ts";
import type { SenderRole } from "../rules.ts";
import type { Announced } from "./announced.ts";
import { Connection } from "./connection.ts";
import { LEDGER_RULES } from "./ledger_rules.ts";
import { numberOf, textOf } from "./property_value.ts";
import { recordPacket } from "./recording.ts";
import { type Broken, clausesFor, type LedgerRule, type Manner, type Scene } from "./rule.ts";
import { repeatsHere } from "./sending.ts";
import { Session } from "./session.ts";
import { longestSilence, silenceAt } from "./silence.ts";

/** Options of a ledger. */
export interface LedgerOptions {
  /**
   * The end that the harness plays, where the packets are observed. A packet from the far end may have
   * crossed one that was sent to it; the ledger allows for that.
   */
  readonly at: SenderRole;
  /** The version of a connection until its CONNECT names one. */
  readonly version: ProtocolVersion;
  /**
   * The silence in milliseconds that is allowed in addition to the Keep Alive. The default is half the Keep
   * Alive, which a server must allow.
   */
  readonly graceMs?: number | undefined;
  /** The time in milliseconds after which a far client is assumed to have read the CONNACK; default 1,000. */
  readonly crossingMs?: number | undefined;
  /**
   * Whether the server may create subscriptions for clients, as section 4.5 of the standards allows; default
   * true. If false, every delivery must match a subscription of the client.
   */
  readonly assignsSubscriptions?: boolean | undefined;
}

/** The most sessions that are kept; the least recently used is dropped first. */
const SESSIONS_KEPT = 1000;

const RULES_FOR: ReadonlyMap<PacketType, readonly LedgerRule[]> = new Map(
  PACKET_TYPES.map((type) => [type, LEDGER_RULES.filter(({ packets }) => packets.includes(type))]),
);

/**
 * Observes the conversations between one server and its clients and reports the rules that they break. Each
 * network connection has a page; sessions across connections are found by client identifier. There is no I/O
 * and no clock: the caller passes times in milliseconds. The ledger does not judge what it has not seen.
 */
export class Ledger {
  readonly #manner: Manner;
  readonly #version: ProtocolVersion;
  readonly #sessions = new Map<string, Session>();
  #pages = 0;

  constructor(options: LedgerOptions) {
    this.#version = options.version;
    this.#manner = {
      at: options.at,
      graceMs: options.graceMs,
      crossingMs: options.crossingMs ?? 1000,
      assignsSubscriptions: options.assignsSubscriptions ?? true,
    };
  }

  /** Starts the page of a new network connection. Closes the previous page of the same lane first. */
  opened(now: number): LedgerPage {
    const connection = new Connection(++this.#pages, this.#version, now);
    return new LedgerPage(connection, this.#manner, this.#sessions);
  }

  /** Makes every session uncertain, for example after a restart of the server. */
  forget(): void {
    for (const session of this.#sessions.values()) session.blur();
  }
}

/** The page of a {@link Ledger} for one network connection. */
export class LedgerPage {
  readonly #connection: Connection;
  readonly #manner: Manner;
  readonly #sessions: Map<string, Session>;
  #session: Session | undefined;

  /** Created by {@link Ledger.opened}. */
  constructor(connection: Connection, manner: Manner, sessions: Map<string, Session>) {
    this.#connection = connection;
    this.#manner = manner;
    this.#sessions = sessions;
  }

  /**
   * Returns the rules that this packet would break if it were sent now, without recording it. `size` is the
   * size of the whole packet in bytes.
   */
  check(by: SenderRole, packet: Packet, size: number, now: number): readonly Violation[] {
    const scene = this.#scene(by, packet, size, now);
    const version = this.#versionWith(packet);
    const found: Violation[] = [];
    for (const rule of RULES_FOR.get(packet.type) ?? []) {
      const clauses = clausesFor(rule, version, by);
      if (clauses === undefined || !suffices(rule, scene)) continue;
      const broken = rule.check(scene);
      if (broken) found.push(violation(rule, clauses, broken));
    }
    return found;
  }

  /**
   * Records a packet and returns the rules that it breaks. Record a packet of the near end before sending its
   * bytes; otherwise its answer may be recorded first.
   */
  record(by: SenderRole, packet: Packet, size: number, now: number): readonly Violation[] {
    const violations = this.check(by, packet, size, now);
    const connection = this.#connection;
    connection.version = this.#versionWith(packet);
    if (by === "client") connection.heard(now);
    if (packet.type === "CONNECT") {
      if (by === "client") this.#connect(packet);
    } else if (packet.type === "CONNACK") {
      if (by === "server") this.#connack(packet, now);
    } else {
      recordPacket({ packet, by, at: this.#manner.at, size, connection, session: this.#own() });
    }
    return violations;
  }

  /**
   * Records a decoded frame and returns the conversation rules that it breaks, except those that the decoder
   * has reported. A malformed frame makes its sender uncertain. So does a packet of the near end that breaks
   * an encoding rule, because the standard does not define how the far end interprets it.
   */
  recordFrame(by: SenderRole, frame: Frame, now: number): readonly Violation[] {
    if (frame.kind === "oversized" && frame.begin) return this.record(by, frame.begin, frame.size, now);
    if (frame.kind !== "packet") {
      this.uncertain(by, now);
      return [];
    }
    const named = new Set(frame.violations.map(({ rule }) => rule));
    const found = this.record(by, frame.packet, frame.raw.length, now);
    if (named.size > 0 && by === this.#manner.at) this.uncertain(by, now);
    return found.filter(({ rule }) => {
      const same = LEDGER_RULES.find(({ id }) => id === rule)?.encoding;
      return same === undefined || !named.has(same);
    });
  }

  /** Whether a packet that is not yet recorded merely repeats an unanswered one on this connection. */
  repeats(by: SenderRole, packet: Packet): boolean {
    return repeatsHere(this.#scene(by, packet, 0, 0));
  }

  /**
   * Records that an end has sent bytes that the ledger cannot interpret, such as raw bytes of a test. Nothing
   * that depends on them is judged.
   */
  uncertain(by: SenderRole, now: number): void {
    this.#connection.blur(by);
    this.#session?.blur();
    if (by === "client") this.#connection.heard(now);
  }

  /**
   * Records that the far client has shown by other means that it has read the CONNACK, such as the result
   * line of a module.
   */
  caughtUp(): void {
    if (this.#connection.connack) this.#connection.connackRead = true;
  }

  /** Returns the rule that the client's silence breaks by now, without a packet. */
  overdue(now: number): readonly Violation[] {
    const rule = LEDGER_RULES.find(({ id }) => id === "keep-alive-exceeded");
    const clauses = rule && clausesFor(rule, this.#connection.version, "client");
    if (!clauses || this.#connection.closed || !this.#connection.whole) return [];
    const broken = silenceAt(this.#connection, this.#manner, now);
    return broken ? [violation(rule, clauses, broken)] : [];
  }

  /**
   * Returns a description of the client's longest silence so far if it exceeded the Keep Alive, without any
   * grace; otherwise undefined.
   */
  silence(now: number): string | undefined {
    return longestSilence(this.#connection, now);
  }

  /** Returns the topic name of a recorded PUBLISH, or undefined if its topic alias is unknown. */
  topicOf(by: SenderRole, packet: PublishPacket): string | undefined {
    return this.#connection.topicOf(packet, by);
  }

  /**
   * Returns what an end has announced on this connection, with the standard's defaults, or undefined before
   * its CONNECT or CONNACK.
   */
  announced(end: SenderRole): Announced | undefined {
    return this.#connection.announced(end);
  }

  /** Records that either end has closed the network connection. */
  closed(): void {
    const connection = this.#connection;
    if (connection.closed) return;
    connection.closed = true;
    if (connection.connects === 0 && this.#manner.at === "server") {
      // Any of the clients may have sent a CONNECT that was lost and that discarded its session.
      for (const session of this.#sessions.values()) session.blur();
    }
    const session = this.#own();
    if (!session) return;
    session.owner = undefined;
    // A session that never started, or that ended here, may not continue.
    if (!connection.accepted || !lasts(connection)) session.blur();
  }

  /** Returns the session unless a newer connection has taken it over. */
  #own(): Session | undefined {
    return this.#session?.owner === this.#connection ? this.#session : undefined;
  }

  #scene(by: SenderRole, packet: Packet, size: number, now: number): Scene {
    const connection = this.#connection;
    const session = this.#own();
    const wholeSession = connection.accepted && connection.whole && session?.known === true;
    return { packet, by, size, now, connection, session, wholeSession, manner: this.#manner };
  }

  /** Returns the version of the connection; the first CONNECT sets it, including for itself. */
  #versionWith(packet: Packet): ProtocolVersion {
    const { connects, version } = this.#connection;
    return packet.type === "CONNECT" && connects === 0 ? versionOf(packet) ?? version : version;
  }

  #connect(packet: ConnectPacket): void {
    const connection = this.#connection;
    connection.connects++;
    if (connection.connects > 1 || versionOf(packet) === undefined) {
      // A server that does not refuse it may have interpreted it in any way.
      connection.blur("client");
      this.#session?.blur();
      return;
    }
    connection.connect = packet;
    const session = packet.clientId === "" ? new Session() : this.#sessionOf(packet.clientId);
    this.#take(session);
    // The client has discarded its state, whatever the server answers.
    if (packet.cleanStart) session.begin(connection);
  }

  #connack(packet: ConnackPacket, now: number): void {
    const connection = this.#connection;
    connection.connacks++;
    if (connection.connacks > 1) return;
    connection.connack = packet;
    connection.connackAt = now;
    const session = this.#own();
    const { connect, version } = connection;
    if (!connect || !session) return;
    if (packet.reason !== 0) {
      session.owner = undefined;
      session.blur();
      return;
    }
    const assigned = textOf(packet.properties, "assignedClientIdentifier");
    if (connect.clientId === "" && assigned !== undefined) this.#keep(assigned, session);
    connection.accepted = true;
    // 3.1 does not say whether a session is resumed.
    const begins = version === "3.1" ? connect.cleanStart : !packet.sessionPresent;
    if (begins) {
      connection.fresh = true;
      session.begin(connection);
      return;
    }
    if (version === "3.1" || connect.cleanStart) session.blur();
    session.resume(connection);
  }

  #take(session: Session): void {
    // With two simultaneous connections the order in which the server read them is unknown.
    if (session.owner && !session.owner.closed) session.blur();
    session.owner = this.#connection;
    this.#session = session;
  }

  #sessionOf(clientId: string): Session {
    const session = this.#sessions.get(clientId) ?? new Session();
    this.#keep(clientId, session);
    return session;
  }

  #keep(clientId: string, session: Session): void {
    this.#sessions.delete(clientId);
    this.#sessions.set(clientId, session);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > SESSIONS_KEPT && oldest !== undefined) this.#sessions.delete(oldest);
  }
}

const VERSIONS: ReadonlyMap<number, ProtocolVersion> = new Map([[3, "3.1"], [4, "3.1.1"], [5, "5.0"]]);

function versionOf({ protocolLevel }: ConnectPacket): ProtocolVersion | undefined {
  return VERSIONS.get(protocolLevel);
}

/** Whether the session may continue after this connection. */
function lasts({ connect, connack, version }: Connection): boolean {
  if (version !== "5.0") return connect?.cleanStart === false;
  const name = "sessionExpiryInterval";
  const set = numberOf(connack?.properties ?? [], name) ?? numberOf(connect?.properties ?? [], name) ?? 0;
  return set > 0;
}

function suffices({ needs }: LedgerRule, { connection, wholeSession }: Scene): boolean {
  if (needs === "session") return wholeSession;
  return needs === "nothing" || connection.whole;
}

function violation(rule: LedgerRule, clauses: readonly string[], broken: Broken): Violation {
  // A version may lack a number for a clause of another version.
  const cited = broken.clause !== undefined && clauses.includes(broken.clause) ? broken.clause : clauses[0];
  return defined({ rule: rule.id, clause: cited, offset: broken.offset ?? 0, message: broken.message });
}
