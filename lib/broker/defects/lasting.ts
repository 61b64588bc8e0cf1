import type { CloseCause } from "../message.ts";
import { type Defect, tolerates } from "./defect.ts";

const lostOn = (cause: CloseCause): Defect["alter"] => (right) => ({
  keptSeconds: (asked, found) => found === cause ? 0 : right.keptSeconds(asked, found),
});

const unpublishedOn = (cause: CloseCause): Defect["alter"] => (right) => ({
  publishesWill: (found) => found !== cause && right.publishesWill(found),
});

/** Faults of the end of a connection, and of the sessions and wills that remain after it. */
export const LASTING_DEFECTS: readonly Defect[] = [
  {
    id: "session-lost-on-keep-alive",
    description: "A session ends when its client is silent for too long",
    clauses: ["MQTT-3.1.2-4"],
    alter: lostOn("keep-alive"),
  },
  {
    id: "session-lost-on-disconnect",
    description: "A session ends when its client leaves by DISCONNECT",
    clauses: ["MQTT-3.1.2-4"],
    alter: lostOn("disconnect"),
  },
  {
    id: "session-lost-on-protocol-error",
    description: "A session ends when its client violates the protocol",
    clauses: ["MQTT-3.1.2-4"],
    alter: lostOn("protocol-error"),
  },
  {
    id: "session-lost-on-cut",
    description: "A session ends when its client leaves without DISCONNECT",
    clauses: ["MQTT-3.1.2-4"],
    alter: lostOn("network"),
  },
  {
    id: "session-lost-on-reset",
    description: "A session ends when its connection is reset",
    clauses: ["MQTT-3.1.2-4"],
    alter: lostOn("broken"),
  },
  {
    id: "session-lost-on-takeover",
    description: "A session ends when another connection takes over its client id",
    clauses: ["MQTT-3.1.2-4", "MQTT-3.1.4-2"],
    alter: lostOn("takeover"),
  },
  {
    id: "session-expiry-ignored",
    description: "A session with a Session Expiry Interval above 0 is kept forever",
    clauses: ["MQTT-3.1.2-23"],
    alter: (right) => ({
      keptSeconds: (asked, cause) => right.keptSeconds(asked, cause) === 0 ? 0 : Infinity,
    }),
  },
  {
    id: "wildcard-subscriptions-lost",
    description: "A stored session loses its wildcard subscriptions",
    clauses: ["MQTT-3.1.2-4", "MQTT-4.1.0-1"],
    alter: (right) => ({
      onStore: (session, drop) => {
        right.onStore(session, drop);
        [...session.subscriptions.keys()].filter((filter) => /[+#]/.test(filter)).forEach(drop);
      },
    }),
  },
  {
    id: "will-lost-on-cut",
    description: "The end of the stream counts as DISCONNECT, so no will is published",
    clauses: ["MQTT-3.1.2-8"],
    alter: unpublishedOn("network"),
  },
  {
    id: "will-lost-on-reset",
    description: "The will is not published when the connection is reset",
    clauses: ["MQTT-3.1.2-8"],
    alter: unpublishedOn("broken"),
  },
  {
    id: "large-will-cut",
    description: "At most 16,383 bytes of a will's payload are published",
    clauses: ["MQTT-3.1.2-9"],
    alter: (right) => ({
      wills: (message) =>
        right.wills(message).map((will) => ({ ...will, payload: will.payload.subarray(0, 16_383) })),
    }),
  },
  {
    id: "will-delay-ignored",
    description: "Wills are published at once, whatever their Will Delay Interval",
    clauses: ["MQTT-3.1.2-8"],
    alter: () => ({ willDelaySeconds: () => 0 }),
  },
  {
    id: "will-delay-not-called-off",
    description: "A delayed will is published although its session was resumed",
    clauses: ["MQTT-3.1.3-9"],
    alter: () => ({ callsOffWill: false }),
  },
  {
    id: "keep-alive-counts-sent",
    description: "Packets that the broker sends restart the client's keep alive",
    clauses: ["MQTT-3.1.2-24"],
    alter: () => ({ sentIsSignOfLife: true }),
  },
  {
    id: "disconnect-keeps-open",
    description: "DISCONNECT discards the will, but the connection stays open",
    clauses: ["MQTT-3.14.4-2"],
    alter: () => ({ endsOnDisconnect: false }),
  },
  {
    id: "unfinished-packet-read",
    description: "A packet cut off by the end of the stream is processed as if it were complete",
    clauses: ["MQTT-4.5.0-1"],
    alter: () => ({ readsUnfinished: true }),
  },
  {
    id: "one-packet-per-segment",
    description: "Only the first of several packets in one segment is read",
    clauses: ["MQTT-7.1.1-1"],
    alter: () => ({ packetsPerSegment: 1 }),
  },
  {
    id: "split-packet-lost",
    description: "A packet that arrives in more than one segment is lost",
    clauses: ["MQTT-7.1.1-1"],
    alter: () => ({ joinsSegments: false }),
  },
  {
    id: "acknowledgment-flags-tolerated",
    description: "Wrong flags in the fixed header of PUBACK, PUBREC and PUBCOMP are ignored",
    clauses: ["MQTT-2.2.2-2"],
    alter: (right) => ({
      tolerates: (violation, type) =>
        (violation.rule === "reserved-flags" &&
          (type === "PUBACK" || type === "PUBREC" || type === "PUBCOMP")) ||
        right.tolerates(violation, type),
    }),
  },
  {
    id: "any-protocol-accepted",
    description: "A CONNECT with any protocol name and level is accepted",
    clauses: ["MQTT-3.1.2-1", "MQTT-3.1.2-2"],
    alter: tolerates(["protocol-name", "protocol-level"], "CONNECT"),
  },
];
