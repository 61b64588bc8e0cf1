import type { Defect } from "./defect.ts";

/** Faults of two timers that run at once. The clauses are those of 5.0. */
export const TIMER_DEFECTS: readonly Defect[] = [
  {
    id: "held-will-lost-with-session",
    description: "A delayed will is dropped if its session ends before its Will Delay Interval",
    clauses: ["MQTT-3.1.2-8"],
    alter: () => ({ willAtSessionEnd: "drop" }),
  },
  {
    id: "held-will-outlives-session",
    description: "A delayed will waits for its Will Delay Interval although its session has ended",
    clauses: ["MQTT-3.1.2-8"],
    alter: () => ({ willAtSessionEnd: "wait" }),
  },
  {
    id: "session-timer-goes-on",
    description: "The Session Expiry Interval keeps running from the first close when the client comes back",
    clauses: ["MQTT-4.1.0-1", "MQTT-3.1.2-23"],
    alter: () => ({ sessionTimer: "first" }),
  },
];
