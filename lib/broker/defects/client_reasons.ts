import type { AnswerEffect } from "../behaviour.ts";
import type { Delivery } from "../message.ts";
import { REFUSED } from "../reasons.ts";
import type { Session } from "../session.ts";
import type { Defect } from "./defect.ts";

type Answer = "PUBACK" | "PUBREC" | "PUBCOMP";

/** A defect that changes the effect of an acknowledgement that tells of a failure. */
const failing = (only: Answer, effect: AnswerEffect): Defect["alter"] => (right) => ({
  answered: (type, reason) => type === only && reason >= REFUSED ? effect : right.answered(type, reason),
});

/** What a client has refused is delivered once more when its session is taken up again. */
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

/** A session ends with a DISCONNECT that tells of a failure. */
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

/** Faults in what the broker does for the reasons that a client gives. The clauses are those of 5.0. */
export const CLIENT_REASON_DEFECTS: readonly Defect[] = [
  {
    id: "puback-refusal-ignored",
    description: "A PUBACK of a client with a reason of 0x80 or more has no effect",
    clauses: ["MQTT-4.9.0-2", "MQTT-4.4.0-2"],
    alter: failing("PUBACK", "nothing"),
  },
  {
    id: "puback-refusal-keeps-its-place",
    description: "A message that a client refuses by PUBACK keeps its place in the client's Receive Maximum",
    clauses: ["MQTT-4.9.0-2"],
    alter: failing("PUBACK", "keeps-its-place"),
  },
  {
    id: "pubrec-refusal-answered",
    description: "A PUBREC of a client is answered by PUBREL, whatever its reason",
    clauses: ["MQTT-4.3.3-4"],
    alter: failing("PUBREC", "goes-on"),
  },
  {
    id: "pubrec-refusal-keeps-its-place",
    description: "A message that a client refuses by PUBREC keeps its place in the client's Receive Maximum",
    clauses: ["MQTT-4.9.0-2"],
    alter: failing("PUBREC", "keeps-its-place"),
  },
  {
    id: "pubcomp-failure-ignored",
    description: "A PUBCOMP of a client with the reason 0x92 has no effect",
    clauses: ["MQTT-4.9.0-2", "MQTT-4.4.0-1"],
    alter: failing("PUBCOMP", "nothing"),
  },
  {
    id: "refused-sent-again",
    description:
      "A message that a client has refused is delivered once more when its session is taken up again",
    clauses: ["MQTT-4.4.0-1", "MQTT-4.4.0-2"],
    alter: sentAgain,
  },
  {
    id: "answers-with-properties-passed-over",
    description: "A PUBACK, PUBREC or PUBCOMP of a client that has properties is passed over",
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
    description: "A DISCONNECT of any reason but 0x04 discards the will",
    clauses: ["MQTT-3.1.2-8"],
    alter: (right) => ({
      disconnectCause: (reason) => reason >= REFUSED ? "disconnect" : right.disconnectCause(reason),
    }),
  },
  {
    id: "will-after-failures-only",
    description: "A DISCONNECT of the reason 0x04 discards the will",
    clauses: ["MQTT-3.1.2-8"],
    alter: (right) => ({
      disconnectCause: (reason) => reason === 0x04 ? "disconnect" : right.disconnectCause(reason),
    }),
  },
  {
    id: "session-lost-on-failure",
    description: "A session ends with a DISCONNECT of its client that has a reason of 0x80 or more",
    clauses: ["MQTT-3.1.2-23", "MQTT-4.1.0-1"],
    alter: lostOnFailure,
  },
];
