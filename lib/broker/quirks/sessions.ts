import type { Quirk } from "./quirk.ts";

/** Quirks of sessions and wills. */
export const SESSION_QUIRKS: readonly Quirk[] = [
  {
    id: "publishes-resent-first",
    about: "When a session is resumed, its PUBLISH packets are sent again ahead of its PUBRELs",
    lawful: "MQTT-4.6.0-1 of 3.1.1 orders PUBLISH packets that are sent again, and not PUBRELs among them",
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
    about: "A session of 5.0 ends 1.5 s after its Session Expiry Interval",
    lawful:
      "MQTT-4.1.0-2 of 5.0 demands that it is discarded after that time, and names no time that it may take",
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
    about: "A will is published 2 s later than it could be",
    lawful: "MQTT-3.1.2-8 demands that it is published, and names no time that it may take",
    alter: () => ({ willLateMs: 2_000 }),
  },
];
