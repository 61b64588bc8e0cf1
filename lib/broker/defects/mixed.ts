import { concat } from "../../ground/bytes.ts";
import type { Delivery, Message } from "../message.ts";
import type { Session } from "../session.ts";
import { type Defect, sends } from "./defect.ts";

/** Whether a session's client speaks a version without properties. */
const isOld = (session: Session) => session.peer !== undefined && session.peer.version !== "5.0";

/** A defect that changes what clients of older versions get of messages. */
const toOldClients = (change: (message: Message) => Message): Defect["alter"] => (right) => ({
  deliveries: (delivery: Delivery, session: Session) =>
    right.deliveries(delivery, session).map((one) =>
      isOld(session) ? { ...one, message: change(one.message) } : one
    ),
});

/** A Content Type that a broker gives a message, for its payload. */
const CONTENT_TYPE = { name: "contentType", value: "application/octet-stream" } as const;

/** Faults between clients of several versions. The clauses are those of 5.0. */
export const MIXED_DEFECTS: readonly Defect[] = [
  {
    id: "new-form-for-old-clients",
    description: "A client of 3.1.1 gets a message with properties behind the empty properties of 5.0",
    clauses: ["MQTT-2.2.2-1"],
    alter: toOldClients((message) =>
      message.properties.length === 0
        ? message
        : { ...message, payload: concat([Uint8Array.of(0), message.payload]) }
    ),
  },
  {
    id: "expiring-lost-for-old-clients",
    description: "A client of 3.1.1 gets no message that expires one day",
    clauses: ["MQTT-3.3.2-5"],
    alter: (right) => ({
      deliveries: (delivery, session) =>
        isOld(session) && delivery.message.expiresAt !== undefined ? [] : right.deliveries(delivery, session),
    }),
  },
  {
    id: "content-type-invented",
    description: "A message without properties reaches clients of 5.0 with a Content Type",
    clauses: ["MQTT-3.3.2-20"],
    alter: sends("PUBLISH", (packet, version) => [
      version === "5.0" && (packet.properties ?? []).every(({ name }) => name !== "contentType")
        ? { ...packet, properties: [...packet.properties ?? [], CONTENT_TYPE] }
        : packet,
    ]),
  },
];
