import { concat } from "../../ground/bytes.ts";
import type { Session } from "../session.ts";
import { changesMessage, type Defect, sends } from "./defect.ts";

/** Whether a session's client speaks a version without properties. */
const isOld = (session: Session) => session.peer !== undefined && session.peer.version !== "5.0";

/** The Content Type that a broker adds to a message. */
const CONTENT_TYPE = { name: "contentType", value: "application/octet-stream" } as const;

/** Faults between clients of different versions. The clauses are those of 5.0. */
export const MIXED_DEFECTS: readonly Defect[] = [
  {
    id: "new-form-for-old-clients",
    description:
      "A message with properties reaches a 3.1.1 client with a 5.0 property length of 0 before its payload",
    clauses: ["MQTT-2.2.2-1"],
    alter: changesMessage((message, session) =>
      isOld(session) && message.properties.length > 0
        ? { ...message, payload: concat([Uint8Array.of(0), message.payload]) }
        : message
    ),
  },
  {
    id: "expiring-lost-for-old-clients",
    description: "A 3.1.1 client gets no messages with a Message Expiry Interval",
    clauses: ["MQTT-3.3.2-5"],
    alter: (right) => ({
      deliveries: (delivery, session) =>
        isOld(session) && delivery.message.expiresAt !== undefined ? [] : right.deliveries(delivery, session),
    }),
  },
  {
    id: "content-type-invented",
    description: "A message without a Content Type reaches 5.0 clients with one",
    clauses: ["MQTT-3.3.2-20"],
    alter: sends("PUBLISH", (packet, version) => {
      const { properties = [] } = packet;
      return version === "5.0" && properties.every(({ name }) => name !== "contentType")
        ? [{ ...packet, properties: [...properties, CONTENT_TYPE] }]
        : [packet];
    }),
  },
];
