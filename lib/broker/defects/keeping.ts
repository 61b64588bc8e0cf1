import type { Session } from "../session.ts";
import type { Defect } from "./defect.ts";

/** A defect that changes the interval of a valid DISCONNECT. */
const disconnects = (change: (asked: number, before: number) => number): Defect["alter"] => (right) => ({
  disconnectExpiry: (asked, before) => {
    const wished = right.disconnectExpiry(asked, before);
    return wished === undefined ? undefined : change(wished, before);
  },
});

/** A defect that accepts a DISCONNECT which raises the interval from 0; `kept` returns the interval that is used then. */
const raisesFromNone = (kept: (asked: number) => number): Defect["alter"] => (right) => ({
  disconnectExpiry: (asked, before) => right.disconnectExpiry(asked, before) ?? kept(asked),
});

/** A defect in which a connection that resumes a session keeps the interval of an earlier one. */
const inherits =
  (choose: (own: number, first: number, last: number) => number): Defect["alter"] => (right) => {
    const first = new WeakMap<Session, number>();
    const last = new WeakMap<Session, number>();
    return {
      onOpen: (session) => {
        right.onOpen(session);
        const own = session.expirySeconds;
        session.expirySeconds = choose(own, first.get(session) ?? own, last.get(session) ?? own);
        if (!first.has(session)) first.set(session, own);
        last.set(session, session.expirySeconds);
      },
    };
  };

/** Ends a session that begins with Clean Start 1 at the close of its connection. */
const cleanKeepsNothing: Defect["alter"] = (right) => {
  let clean = false;
  return {
    connect: (verdict, packet) => {
      clean = packet.cleanStart;
      return right.connect(verdict, packet);
    },
    onOpen: (session) => {
      right.onOpen(session);
      if (clean) session.expirySeconds = 0;
    },
  };
};

/** Faults of the Session Expiry Interval. The clauses are those of 5.0. */
export const KEEPING_DEFECTS: readonly Defect[] = [
  {
    id: "disconnect-expiry-ignored",
    description: "The Session Expiry Interval of a DISCONNECT has no effect",
    clauses: ["MQTT-3.1.2-23", "MQTT-4.1.0-2"],
    alter: disconnects((_, before) => before),
  },
  {
    id: "disconnect-expiry-never-raised",
    description: "A DISCONNECT can lower the Session Expiry Interval, but not raise it",
    clauses: ["MQTT-3.1.2-23", "MQTT-4.1.0-1"],
    alter: disconnects(Math.min),
  },
  {
    id: "disconnect-expiry-never-lowered",
    description: "A DISCONNECT can raise the Session Expiry Interval, but not lower it",
    clauses: ["MQTT-4.1.0-2"],
    alter: disconnects(Math.max),
  },
  {
    id: "disconnect-expiry-0-ignored",
    description: "A DISCONNECT with Session Expiry Interval 0 has no effect",
    clauses: ["MQTT-4.1.0-2", "MQTT-3.2.2-3"],
    alter: disconnects((asked, before) => asked === 0 ? before : asked),
  },
  {
    id: "expiry-raised-from-0",
    description: "A DISCONNECT may raise the Session Expiry Interval from 0, and the session is kept",
    clauses: ["MQTT-4.1.0-2", "MQTT-3.1.2-8"],
    alter: raisesFromNone((asked) => asked),
  },
  {
    id: "expiry-raised-from-0-drops-will",
    description:
      "A DISCONNECT that raises the Session Expiry Interval from 0 ends the connection, and the will is not published",
    clauses: ["MQTT-3.1.2-8"],
    alter: raisesFromNone(() => 0),
  },
  {
    id: "session-expiry-a-tenth",
    description: "A session ends after a tenth of its Session Expiry Interval",
    clauses: ["MQTT-3.1.2-23", "MQTT-4.1.0-1"],
    alter: (right) => ({ keptSeconds: (asked, cause) => right.keptSeconds(asked, cause) / 10 }),
  },
  {
    id: "session-expiry-handed-on",
    description:
      "A connection without a Session Expiry Interval gets that of the session's previous connection",
    clauses: ["MQTT-4.1.0-2", "MQTT-3.2.2-3"],
    alter: inherits((own, _, last) => own === 0 ? last : own),
  },
  {
    id: "session-expiry-of-the-first",
    description: "A session keeps the Session Expiry Interval of its first connection",
    clauses: ["MQTT-3.1.2-23", "MQTT-4.1.0-2"],
    alter: inherits((_, first) => first),
  },
  {
    id: "clean-start-keeps-nothing",
    description:
      "A session that begins with Clean Start 1 ends with its connection, whatever its Session Expiry Interval",
    clauses: ["MQTT-3.1.2-23", "MQTT-4.1.0-1"],
    alter: cleanKeepsNothing,
  },
];
