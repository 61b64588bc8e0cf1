import type { AnswerEffect } from "../behaviour.ts";
import type { Delivery } from "../message.ts";
import { REFUSED } from "../reasons.ts";
import type { Session } from "../session.ts";
import type { Defect } from "./defect.ts";

type Answer = "PUBACK" | "PUBREC" | "PUBCOMP";

/** A defect that changes the effect of an acknowledgement that reports a failure. */
const failing = (only: Answer, effect: AnswerEffect): Defect["alter"] => (right) => ({
  answered: (type, reason) => type === only && reason >= REFUSED ? effect : right.answered(type, reason),
});

/** Delivers a message that a client has refused once more when its session is resumed. */
const sentAgain: Defect["alter"] = (right) => {
  const refused = new WeakMap<Session, Delivery[]>();
  return {
    onRefused: (delivery, session) => {
      right.onRefused(delivery, session);
      refused.set(session, [...refused.get(session) ?? [], delivery]);
    },
    onOpen: (session) => {
      right.onOpen(session);
      for (const delivery of refused.get(session) ?? []) session.queue.add(delivery);
      refused.delete(session);
    },
  };
};

/** Ends a session at a DISCONNECT that reports a failure. */
const lostOnFailure: Defect["alter"] = (right) => {
  let failed = false;
  return {
    disconnectCause: (reason) => {
      failed = reason >= REFUSED;
      return right.disconnectCause(reason);
    },
    keptSeconds: (asked, cause) => {
      const lost = failed && cause === right.disconnectCause(REFUSED);
      failed = false;
      return lost ? 0 : right.keptSeconds(asked, cause);
    },
  };
};

/** Faults in how the broker reacts to the reasons that a client sends. The clauses are those of 5.0. */
export const CLIENT_REASON_DEFECTS: readonly Defect[] = [
  {
    id: "puback-refusal-ignored",
    description: "A client's PUBACK with a reason of 0x80 or above has no effect",
    clauses: ["MQTT-4.9.0-2", "MQTT-4.4.0-2"],
    alter: failing("PUBACK", "nothing"),
  },
  {
    id: "puback-refusal-keeps-its-place",
    description:
      "A message that a client refuses with PUBACK permanently uses up one slot of its Receive Maximum",
    clauses: ["MQTT-4.9.0-2"],
    alter: failing("PUBACK", "keeps-its-place"),
  },
  {
    id: "pubrec-refusal-answered",
    description: "A client's PUBREC is answered with PUBREL, whatever its reason",
    clauses: ["MQTT-4.3.3-4"],
    alter: failing("PUBREC", "goes-on"),
  },
  {
    id: "pubrec-refusal-keeps-its-place",
    description:
      "A message that a client refuses with PUBREC permanently uses up one slot of its Receive Maximum",
    clauses: ["MQTT-4.9.0-2"],
    alter: failing("PUBREC", "keeps-its-place"),
  },
  {
    id: "pubcomp-failure-ignored",
    description: "A client's PUBCOMP with reason 0x92 has no effect",
    clauses: ["MQTT-4.9.0-2", "MQTT-4.4.0-1"],
    alter: failing("PUBCOMP", "nothing"),
  },
  {
    id: "refused-sent-again",
    description: "A message that a client has refused is delivered once more when its session is resumed",
    clauses: ["MQTT-4.4.0-1", "MQTT-4.4.0-2"],
    alter: sentAgain,
  },
  {
    id: "answers-with-properties-passed-over",
    description: "A client's PUBACK, PUBREC or PUBCOMP is ignored if it has properties",
    clauses: ["MQTT-4.9.0-2", "MQTT-4.3.3-5"],
    alter: (right) => ({
      passesOver: (packet, connected) => {
        const answer = packet.type === "PUBACK" || packet.type === "PUBREC" || packet.type === "PUBCOMP";
        return (answer && packet.properties.length > 0) || right.passesOver(packet, connected);
      },
    }),
  },
  {
    id: "will-after-0x04-only",
    description: "A DISCONNECT with any reason except 0x04 discards the will",
    clauses: ["MQTT-3.1.2-8"],
    alter: (right) => ({
      disconnectCause: (reason) => reason >= REFUSED ? "disconnect" : right.disconnectCause(reason),
    }),
  },
  {
    id: "will-after-failures-only",
    description: "A DISCONNECT with reason 0x04 discards the will",
    clauses: ["MQTT-3.1.2-8"],
    alter: (right) => ({
      disconnectCause: (reason) => reason === 0x04 ? "disconnect" : right.disconnectCause(reason),
    }),
  },
  {
    id: "session-lost-on-failure",
    description: "A client's DISCONNECT with a reason of 0x80 or above ends its session",
    clauses: ["MQTT-3.1.2-23", "MQTT-4.1.0-1"],
    alter: lostOnFailure,
  },
];
