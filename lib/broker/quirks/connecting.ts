import type { ConnectPacket } from "../../mqtt/packet.ts";
import type { ConnectVerdict } from "../behaviour.ts";
import { ASSIGNED } from "../connect.ts";
import {
  BAD_AUTHENTICATION_METHOD,
  CLIENT_ID_NOT_VALID,
  MALFORMED_PACKET,
  NOT_AUTHORIZED,
  PROTOCOL_ERROR,
  UNSUPPORTED_PROTOCOL_VERSION,
} from "../reasons.ts";
import type { Quirk } from "./quirk.ts";

const CLOSE: ConnectVerdict = { kind: "close" };
const UNSUPPORTED: ConnectVerdict = {
  kind: "refuse",
  reason: UNSUPPORTED_PROTOCOL_VERSION,
  form: "5.0",
};
/** Return codes of 3.x for an unsupported protocol, and for a client id that is not allowed. */
const UNACCEPTABLE_VERSION = 0x01;
const IDENTIFIER_REJECTED = 0x02;

/** A refusal of a CONNECT that breaks one encoding rule. */
const onRule = (rule: string, verdict: ConnectVerdict): Quirk["alter"] => (usual) => ({
  refusal: (right, version, why) => why?.rule === rule ? verdict : usual.refusal(right, version, why),
});

/** A refusal of client ids that the broker would otherwise accept; it accepts those that it has assigned itself. */
const refusesIds = (refused: (packet: ConnectPacket) => boolean): Quirk["alter"] => (usual) => ({
  connect: (right, packet) => {
    const verdict = usual.connect(right, packet);
    const own = packet.clientId.startsWith(ASSIGNED);
    if (verdict.kind !== "accept" || packet.protocolLevel === 3 || own || !refused(packet)) return verdict;
    return { kind: "refuse", reason: packet.protocolLevel === 5 ? CLIENT_ID_NOT_VALID : IDENTIFIER_REJECTED };
  },
});

/** Replaces one reason with another, in CONNACK and DISCONNECT of 5.0. */
const replacing = (reason: number, instead: number): Quirk["alter"] => (usual) => ({
  refusal: (right, version, why) => {
    const verdict = usual.refusal(right, version, why);
    return version === "5.0" && verdict.kind === "refuse" && verdict.reason === reason
      ? { ...verdict, reason: instead }
      : verdict;
  },
  disconnectReason: (right, cause) => {
    const told = usual.disconnectReason(right, cause);
    return told === reason ? instead : told;
  },
});

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** Quirks of the beginning and the end of a connection. */
export const CONNECT_QUIRKS: readonly Quirk[] = [
  {
    id: "level-refused-as-5",
    about: "A CONNECT with an unknown protocol level gets CONNACK 0x84 in the format of 5.0",
    lawful:
      "MQTT-3.1.2-2 of 5.0 allows CONNACK 0x84 before the close; 3.1.1 requires 0x01, but an unknown level belongs to no version",
    protocols: ["3.1.1", "5.0"],
    lawfulIn: ["3.1.1", "5.0"],
    alter: onRule("protocol-level", UNSUPPORTED),
  },
  {
    id: "level-refused-silently",
    about: "A CONNECT with an unknown protocol level gets no CONNACK; the broker only closes",
    lawful: "MQTT-3.1.2-2 of 5.0 allows a CONNACK and requires the close; 3.1.1 requires the CONNACK too",
    protocols: ["5.0"],
    // An unknown level belongs to no version.
    lawfulIn: ["5.0"],
    alter: onRule("protocol-level", CLOSE),
  },
  {
    id: "name-refused-by-connack",
    about:
      "A CONNECT with a wrong protocol name gets a CONNACK before the close, 0x01 in 3.1.1 and 0x84 in 5.0",
    lawful: "MQTT-3.1.2-1 of 5.0 allows it; 3.1.1 forbids only to continue as if the name were right",
    protocols: ["3.1.1", "5.0"],
    alter: (usual) => ({
      refusal: (right, version, why) =>
        why?.rule === "protocol-name"
          ? {
            kind: "refuse",
            reason: version === "5.0" ? UNSUPPORTED_PROTOCOL_VERSION : UNACCEPTABLE_VERSION,
          }
          : usual.refusal(right, version, why),
    }),
  },
  {
    id: "refusals-without-connack",
    about: "A refused 5.0 CONNECT gets no CONNACK; the broker only closes",
    lawful: "section 4.13 of 5.0: a server MAY send a CONNACK before it closes",
    protocols: ["5.0"],
    alter: (usual) => ({
      refusal: (right, version, why) => version === "5.0" ? CLOSE : usual.refusal(right, version, why),
    }),
  },
  {
    id: "errors-as-protocol-error",
    about: "Malformed 5.0 packets are answered with 0x82 instead of 0x81",
    lawful: "section 4.13.1 of 5.0 lists both codes, and a packet may have errors of both kinds",
    protocols: ["5.0"],
    alter: replacing(MALFORMED_PACKET, PROTOCOL_ERROR),
  },
  {
    id: "errors-as-malformed",
    about: "Protocol errors in 5.0 are answered with 0x81 instead of 0x82",
    lawful: "section 4.13.1 of 5.0 lists both codes, and a packet may have errors of both kinds",
    protocols: ["5.0"],
    alter: replacing(PROTOCOL_ERROR, MALFORMED_PACKET),
  },
  {
    id: "auth-method-not-authorized",
    about: "An unknown authentication method is refused with 0x87 instead of 0x8C",
    lawful: "MQTT-4.12.0-1 of 5.0 allows both",
    protocols: ["5.0"],
    alter: replacing(BAD_AUTHENTICATION_METHOD, NOT_AUTHORIZED),
  },
  {
    id: "empty-id-not-allowed",
    about: "A client without a client id is refused, with 0x02 in 3.1.1 and 0x85 in 5.0",
    lawful: "MQTT-3.1.3-6: a server MAY allow an empty client id",
    protocols: ["3.1.1", "5.0"],
    lacks: ["empty-client-id"],
    alter: refusesIds(({ clientId }) => clientId === ""),
  },
  {
    id: "empty-id-with-state-refused",
    about: "A 5.0 client without a client id is refused with 0x85 if Clean Start is 0",
    lawful: "5.0 lets a server refuse any client id with 0x85",
    protocols: ["5.0"],
    alter: refusesIds(({ clientId, cleanStart, protocolLevel }) =>
      protocolLevel === 5 && clientId === "" && !cleanStart
    ),
  },
  {
    id: "long-ids-refused",
    about: "Client ids of more than 23 bytes are refused, with 0x02 in 3.1.1 and 0x85 in 5.0",
    lawful: "MQTT-3.1.3-5 requires support for 1 to 23 bytes; a server MAY allow more",
    protocols: ["3.1.1", "5.0"],
    values: { clientIdLength: 23 },
    alter: refusesIds(({ clientId }) => bytesOf(clientId) > 23),
  },
  {
    id: "ids-of-letters-and-digits",
    about:
      "Client ids with characters other than 0-9, a-z and A-Z are refused, with 0x02 in 3.1.1 and 0x85 in 5.0",
    lawful: "MQTT-3.1.3-5 requires support for these characters; a server MAY allow others",
    protocols: ["3.1.1", "5.0"],
    alter: refusesIds(({ clientId }) => !/^[0-9A-Za-z]*$/.test(clientId)),
  },
  {
    id: "assigned-id-long",
    about: "The Assigned Client Identifier has 300 characters",
    lawful: "MQTT-3.2.2-16 of 5.0 requires only that no other session uses it, and limits no length",
    protocols: ["5.0"],
    alter: (usual) => ({ assignedClientId: (unique) => usual.assignedClientId(unique).padEnd(300, "-long") }),
  },
  {
    id: "takeover-without-disconnect",
    about: "A 5.0 connection that is taken over is closed without DISCONNECT 0x8E",
    lawful: "MQTT-3.1.4-3 of 5.0 refers to section 4.13, where the DISCONNECT is a SHOULD",
    protocols: ["5.0"],
    alter: (usual) => ({
      disconnectReason: (right, cause) =>
        cause === "takeover" ? undefined : usual.disconnectReason(right, cause),
    }),
  },
  {
    id: "closes-without-disconnect",
    about: "The broker closes 5.0 connections without DISCONNECT, whatever the reason",
    lawful: "section 4.13 of 5.0: the DISCONNECT is a SHOULD, the close is the MUST",
    protocols: ["5.0"],
    alter: () => ({ disconnectReason: () => undefined }),
  },
  {
    id: "closes-late",
    about:
      "A connection that ends, except for silence, stays open for 2 s; the broker ignores what arrives on it",
    lawful: "neither document sets a time for the close, except after one and a half times the keep alive",
    alter: () => ({ closesAfterMs: (cause) => cause === "keep-alive" ? 0 : 2_000 }),
  },
  {
    id: "closes-by-reset",
    about: "The broker ends connections with a TCP reset; needs --allow-ffi",
    lawful: "the documents require that the network connection is closed, but not how",
    alter: () => ({ resets: true }),
  },
  {
    id: "keep-alive-short",
    about: "A silent client is disconnected after 1.1 times its keep alive",
    lawful: "a server may disconnect a client that it considers inactive at any time (section 3.1.2.10)",
    alter: (usual) => ({
      silenceMs: (seconds) => seconds === 0 ? usual.silenceMs(seconds) : seconds * 1_100,
    }),
  },
  {
    id: "keep-alive-by-the-second",
    about: "A silent client is disconnected at the first whole second after 1.5 times its keep alive",
    lawful:
      "MQTT-3.1.2-24 of 3.1.1 (MQTT-3.1.2-22 of 5.0) requires the close after that time, but sets no deadline",
    alter: (usual) => ({
      silenceMs: (seconds) => (Math.floor(usual.silenceMs(seconds) / 1_000) + 1) * 1_000,
    }),
  },
];
