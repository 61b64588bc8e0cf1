import type { ConnectVerdict, RefusedEffect } from "../behaviour.ts";
import type { ConnectPacket } from "../../mqtt/packet.ts";
import type { Defect } from "./defect.ts";

const ACCEPT: ConnectVerdict = { kind: "accept" };
const CLOSE: ConnectVerdict = { kind: "close" };

/** A defect that changes the answer to some CONNECTs. */
const decides = (
  verdict: ConnectVerdict,
  when: (packet: ConnectPacket, right: ConnectVerdict) => boolean,
): Defect["alter"] =>
(right) => ({
  connect: (judged, packet) => {
    const before = right.connect(judged, packet);
    return when(packet, before) ? verdict : before;
  },
});

const refused = (refusedEffect: RefusedEffect): Defect["alter"] => () => ({ refusedEffect });

const isIdRefusal = (verdict: ConnectVerdict) => verdict.kind === "refuse" && verdict.reason === 2;

const text = (change: (text: string) => string): Defect["alter"] => (right) => ({
  topicText: (given) => change(right.topicText(given)),
});

/** The last offset at which a fault in the text of the protocol name can begin, in bytes of a short CONNECT. */
const NAME_ENDS = 8;

/** Faults of client ids, of refused CONNECTs, and of characters. */
export const IDENTITY_DEFECTS: readonly Defect[] = [
  {
    id: "client-id-case-folded",
    description: "Client ids that differ only in capital letters are treated as the same",
    clauses: ["MQTT-3.1.3-2"],
    alter: () => ({ sessionKey: (clientId) => clientId.toLowerCase() }),
  },
  {
    id: "client-id-cut-to-22",
    description: "Only the first 22 characters of a client id are compared",
    clauses: ["MQTT-3.1.3-2"],
    alter: () => ({ sessionKey: (clientId) => clientId.slice(0, 22) }),
  },
  {
    id: "long-id-accepted-in-3-1",
    description: "Client ids of more than 23 characters are accepted in MQTT 3.1",
    clauses: ["MQTT31-3.1-2"],
    alter: decides(ACCEPT, (packet, right) => isIdRefusal(right) && packet.clientId.length > 23),
  },
  {
    id: "empty-id-accepted-in-3-1",
    description: "An empty client id is accepted in MQTT 3.1",
    clauses: ["MQTT31-3.1-1"],
    alter: decides(
      ACCEPT,
      (packet, right) => isIdRefusal(right) && packet.protocolLevel === 3 && packet.clientId === "",
    ),
  },
  {
    id: "long-id-cut-off",
    description: "A CONNECT with a client id of more than 60,000 bytes gets no answer",
    clauses: ["MQTT-3.1.3-9"],
    alter: decides(CLOSE, (packet) => packet.clientId.length > 60_000),
  },
  {
    id: "long-credentials-cut-off",
    description: "A CONNECT with a user name of more than 16,383 bytes gets no answer",
    clauses: ["MQTT-3.1.4-4"],
    alter: decides(CLOSE, (packet) => (packet.userName?.length ?? 0) > 16_383),
  },
  {
    id: "protocol-name-not-read",
    description: "The protocol name is not checked",
    clauses: ["MQTT-3.1.2-1"],
    alter: (right) => ({
      tolerates: (violation, type) =>
        (type === "CONNECT" &&
          (violation.rule === "protocol-name" ||
            (violation.rule.startsWith("utf8-") && violation.offset <= NAME_ENDS))) ||
        right.tolerates(violation, type),
    }),
  },
  {
    id: "refused-connect-takes-over",
    description: "A refused CONNECT ends the connection of the client id in it",
    clauses: ["MQTT-3.1.4-1", "MQTT-3.1.4-2"],
    alter: refused("takeover"),
  },
  {
    id: "refused-connect-drops-session",
    description: "A refused CONNECT drops the session of the client id in it",
    clauses: ["MQTT-3.1.2-4", "MQTT-3.1.4-1"],
    alter: refused("clean"),
  },
  {
    id: "refused-connect-leaves-will",
    description: "The will of a refused CONNECT is published",
    clauses: ["MQTT-3.1.2-8", "MQTT-3.1.4-5"],
    alter: refused("will"),
  },
  {
    id: "control-characters-dropped",
    description: "Control characters are removed from topic names and filters",
    clauses: ["MQTT-4.7.3-4"],
    alter: text((given) => given.replaceAll(/\p{Cc}/gu, "")),
  },
  {
    id: "non-characters-replaced",
    description: "Unicode non-characters are replaced in topic names and filters",
    clauses: ["MQTT-4.7.3-4"],
    alter: text((given) => given.replaceAll(/\p{Noncharacter_Code_Point}/gu, "\u{fffd}")),
  },
  {
    id: "four-byte-characters-replaced",
    description: "Four-byte characters are replaced in topic names and filters",
    clauses: ["MQTT-4.7.3-4"],
    alter: text((given) => given.replaceAll(/[\u{10000}-\u{10ffff}]/gu, "?")),
  },
  {
    id: "feff-dropped",
    description: "U+FEFF is removed from topic names and filters wherever it occurs",
    clauses: ["MQTT-1.5.3-3"],
    alter: text((given) => given.replaceAll("\u{feff}", "")),
  },
];
