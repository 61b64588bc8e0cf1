/**
 * The decisions of the virtual client that a defect can replace. Each is asked at one place; {@link HONEST} has the right
 * answers.
 */
import type { Draft } from "../../mqtt/packet.ts";
import type { ClientEvent } from "../protocol.ts";

/** The packet at which a message counts as delivered. */
export type Completion = "sent" | "PUBACK" | "PUBREC" | "PUBCOMP";

/** A message that is under way from the client. */
export interface Outgoing {
  readonly publish: Extract<Draft, { type: "PUBLISH" }>;
  readonly packetId: number;
  readonly qos: number;
  released: boolean;
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
  /** Whether a packet of the broker that breaks a rule ends the connection. */
  readonly endsFor: (what: "malformed" | "forbidden" | "second-connack") => boolean;
  /** What is sent again once a session goes on. */
  readonly again: (outgoing: readonly Outgoing[]) => readonly Draft[];
  /** Whether a clean session forgets what was under way. */
  readonly forgets: boolean;
  /** Whether a message of QoS 2 whose identifier is known is delivered again. */
  readonly deliversAgain: boolean;
  /** Milliseconds of silence after which it pings, from the Keep Alive in seconds; undefined for never. */
  readonly pingAfter: (keepAlive: number) => number | undefined;
  /** The packet identifier after this one. */
  readonly nextId: (last: number) => number;
  /** Whether DISCONNECT is sent before the connection is closed, and whether it is closed. */
  readonly disconnects: { readonly says: boolean; readonly closes: boolean };
  /** Whether a connection without a PINGRESP is closed. */
  readonly missesPong: boolean;
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
    return wrong ? "a wildcard stands wrong" : undefined;
  },
  refusesBytes: true,
  refusesConnect: ({ clientId, cleanStart, userName, password }) => {
    if (clientId === "" && cleanStart === false) return "an empty client id needs a clean session";
    return password !== undefined && userName === undefined ? "a password without a user name" : undefined;
  },
  refusesQoS: (qos) => qos > 2,
  endsFor: () => true,
  again: (outgoing) => outgoing.map(sentAgain),
  forgets: true,
  deliversAgain: false,
  pingAfter: (keepAlive) => keepAlive === 0 ? undefined : keepAlive * 750,
  nextId: (last) => last % 65_535 + 1,
  disconnects: { says: true, closes: true },
  missesPong: true,
};
