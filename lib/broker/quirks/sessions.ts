import type { Quirk } from "./quirk.ts";

/** Quirks of sessions and wills. */
export const SESSION_QUIRKS: readonly Quirk[] = [
  {
    id: "publishes-resent-first",
    about: "When a session resumes, its PUBLISH packets are resent before its PUBRELs",
    lawful: "MQTT-4.6.0-1 of 3.1.1 orders resent PUBLISH packets, but not PUBRELs among them",
    alter: (usual) => ({
      resends: (due) => {
        const all = usual.resends(due);
        return [
          ...all.filter(({ type }) => type === "PUBLISH"),
          ...all.filter(({ type }) => type !== "PUBLISH"),
        ];
      },
    }),
  },
  {
    id: "session-ends-late",
    about: "A 5.0 session ends 1.5 s after its Session Expiry Interval",
    lawful: "MQTT-4.1.0-2 of 5.0 requires its end after that time, but sets no deadline",
    protocols: ["5.0"],
    alter: (usual) => ({
      keptSeconds: (asked, cause) => {
        const seconds = usual.keptSeconds(asked, cause);
        return seconds === 0 ? 0 : seconds + 1.5;
      },
    }),
  },
  {
    id: "will-late",
    about: "A will is published 2 s later than possible",
    lawful: "MQTT-3.1.2-8 requires that it is published, but sets no deadline",
    alter: () => ({ willLateMs: 2_000 }),
  },
];
