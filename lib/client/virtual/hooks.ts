/**
 * The decisions of the virtual client that a defect or a quirk can replace. Each is asked at one place; {@link HONEST} has the
 * right answers.
 */
import type { Announced } from "../../mqtt/ledger/announced.ts";
import type { Draft } from "../../mqtt/packet.ts";
import type { ClientEvent } from "../protocol.ts";
import type { Fault } from "./faults.ts";
import { withoutExplanation } from "./limits.ts";
import { unfitRequest } from "./unfit.ts";

/** The packet at which a message counts as delivered. */
export type Completion = "sent" | "PUBACK" | "PUBREC" | "PUBCOMP";

/** A message that is under way from the client. */
export interface Outgoing {
  readonly publish: Extract<Draft, { type: "PUBLISH" }>;
  readonly packetId: number;
  readonly qos: number;
  released: boolean;
}

/** How packets are written: the size of each piece, and the pause before each packet. */
export interface Writing {
  readonly pieceBytes: number | undefined;
  readonly pauseMs: number;
}

/** The decisions. */
export interface Hooks {
  /** Turns a packet into those that are sent. */
  readonly sent: (draft: Draft) => readonly Draft[];
  /** Whether a PUBCOMP without a PUBREC ends the handshake. */
  readonly skipsPubrec: boolean;
  /** Turns an event into those that are reported. */
  readonly told: (event: ClientEvent) => readonly ClientEvent[];
  readonly deliveredAt: (qos: number) => Completion;
  /** Why the application's text is refused; undefined if it is accepted. */
  readonly refusesText: (what: "topic" | "filter" | "text", text: string) => string | undefined;
  /** Whether a text that is not UTF-8 is refused. */
  readonly refusesBytes: boolean;
  /** Why a CONNECT with these fields is refused; undefined if it is sent. */
  readonly refusesConnect: (asked: Readonly<Record<string, unknown>>) => string | undefined;
  readonly refusesQoS: (qos: number) => boolean;
  /** Why 5.0 forbids a request, whatever its broker; undefined if it does not. */
  readonly unfit: (draft: Draft) => string | undefined;
  /** Whether what a broker did wrong ends the connection. */
  readonly endsFor: (fault: Fault) => boolean;
  /** Whether the DISCONNECT of a broker of 5.0 ends the connection. */
  readonly endsAtDisconnect: boolean;
  /** Whether a client of 5.0 says in a DISCONNECT why it ends the connection. */
  readonly saysWhy: boolean;
  /** What is sent again once a session goes on. */
  readonly again: (outgoing: readonly Outgoing[]) => readonly Draft[];
  /** Whether a clean session forgets what was under way. */
  readonly forgets: boolean;
  /** Whether a message of QoS 2 whose identifier is known is delivered again. */
  readonly deliversAgain: boolean;
  /** Whether a message of QoS 2 is delivered at PUBREL, and not at PUBLISH. */
  readonly deliversAtPubrel: boolean;
  /** Whether a PUBREC that refuses a message is answered by PUBREL. */
  readonly releasesRefused: boolean;
  /** What becomes of a message that the broker refuses: it ends, stays in the session, or is sent again at once. */
  readonly refusedMessage: "ends" | "stays" | "again";
  /** Whether an acknowledgement lets the next message go that waits for the broker's Receive Maximum. */
  readonly freesQuota: boolean;
  /** Whether all packets wait once the broker's Receive Maximum is reached. */
  readonly holdsAll: boolean;
  /** Whether requests are sent ahead of CONNACK. */
  readonly sendsBeforeConnack: boolean;
  /** The limits that the client keeps, of those that the broker has announced. */
  readonly limits: (announced: Announced) => Announced;
  /** The packet without what a broker that takes packets of at most this many bytes must not get. */
  readonly fitted: (draft: Draft, most: number) => Draft;
  /** The Keep Alive that counts, of the client's own and the broker's, in seconds. */
  readonly keepAlive: (own: number, announced: number | undefined) => number;
  /** Whether topic aliases of the connection before still hold. */
  readonly keepsAliases: boolean;
  /** The topic that is reported for a message that has only an alias. */
  readonly aliasedTopic: (topic: string) => string;
  /** Whether a session goes on after a connection of 5.0, by its Session Expiry Interval in seconds. */
  readonly lasts: (expiry: number) => boolean;
  /** Why a DISCONNECT with these fields is refused; undefined if it is sent. */
  readonly refusesDisconnect: (
    asked: Readonly<Record<string, unknown>>,
    expiry: number,
  ) => string | undefined;
  /** Milliseconds of silence after which it pings, from the Keep Alive in seconds; undefined for never. */
  readonly pingAfter: (keepAlive: number) => number | undefined;
  /** The packet identifier after this one. */
  readonly nextId: (last: number) => number;
  /** Whether DISCONNECT is sent before the connection is closed, and whether it is closed. */
  readonly disconnects: { readonly says: boolean; readonly closes: boolean };
  /** Whether a connection without a PINGRESP is closed. */
  readonly missesPong: boolean;
  readonly writing: Writing;
  /** Milliseconds until an event is reported, and until a connection with a fault is closed. */
  readonly tellsAfterMs: number;
  readonly closesAfterMs: number;
}

/** The same PUBLISH as the first time, with DUP; of what is released, PUBREL. */
export function sentAgain({ publish, packetId, released }: Outgoing): Draft {
  return released ? { type: "PUBREL", packetId } : { ...publish, dup: true };
}

/** A client without a defect. */
export const HONEST: Hooks = {
  sent: (draft) => [draft],
  skipsPubrec: false,
  told: (event) => [event],
  deliveredAt: (qos) => qos === 0 ? "sent" : qos === 1 ? "PUBACK" : "PUBCOMP",
  refusesText: (what, text) => {
    if (text.includes("\0")) return "a text holds U+0000";
    if (text.length > 65_535) return "a text is too long";
    if (what === "text") return undefined;
    if (text === "") return `an empty ${what}`;
    if (what === "topic") return /[+#]/.test(text) ? "a topic name holds a wildcard" : undefined;
    const levels = text.split("/");
    const wrong = levels.some((level, at) =>
      (level.includes("#") && (level !== "#" || at < levels.length - 1)) ||
      (level.includes("+") && level !== "+")
    );
    if (wrong) return "a wildcard stands wrong";
    const shared = levels[0] === "$share" &&
      (/^[^+#]+$/.test(levels[1] ?? "") ? levels.slice(2).join("/") === "" : true);
    return shared ? "a shared filter without a name or a filter" : undefined;
  },
  refusesBytes: true,
  refusesConnect: ({ protocol, clientId, cleanStart, userName, password, properties }) => {
    const method = properties as { authenticationMethod?: unknown; authenticationData?: unknown } | undefined;
    if (method?.authenticationData !== undefined && method.authenticationMethod === undefined) {
      return "authentication data without a method";
    }
    if (protocol === "5.0") return undefined;
    if (clientId === "" && cleanStart === false) return "an empty client id needs a clean session";
    return password !== undefined && userName === undefined ? "a password without a user name" : undefined;
  },
  refusesQoS: (qos) => qos > 2,
  unfit: unfitRequest,
  endsFor: () => true,
  endsAtDisconnect: true,
  saysWhy: true,
  again: (outgoing) => outgoing.map(sentAgain),
  forgets: true,
  deliversAgain: false,
  deliversAtPubrel: false,
  releasesRefused: false,
  refusedMessage: "ends",
  freesQuota: true,
  holdsAll: false,
  sendsBeforeConnack: false,
  limits: (announced) => announced,
  fitted: withoutExplanation,
  keepAlive: (own, announced) => announced ?? own,
  keepsAliases: false,
  aliasedTopic: (topic) => topic,
  lasts: (expiry) => expiry > 0,
  refusesDisconnect: ({ properties }, expiry) => {
    const asked = Number(
      (properties as { sessionExpiryInterval?: unknown } | undefined)?.sessionExpiryInterval ?? 0,
    );
    return expiry === 0 && asked > 0 ? "a Session Expiry Interval after one of 0" : undefined;
  },
  pingAfter: (keepAlive) => keepAlive === 0 ? undefined : keepAlive * 750,
  nextId: (last) => last % 65_535 + 1,
  disconnects: { says: true, closes: true },
  missesPong: true,
  writing: { pieceBytes: undefined, pauseMs: 0 },
  tellsAfterMs: 0,
  closesAfterMs: 0,
};
