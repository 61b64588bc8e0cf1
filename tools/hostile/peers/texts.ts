import { encode } from "../../../lib/mqtt/encode.ts";
import type { Draft } from "../../../lib/mqtt/packet.ts";
import type { HostilePeer } from "../visitor.ts";
import { HOSTILE_TEXT } from "../text.ts";

const message: Draft = { type: "PUBLISH", topic: `hostile/${HOSTILE_TEXT}`, payload: HOSTILE_TEXT };

/** Peers whose texts are hostile. */
export const TEXTS: readonly HostilePeer[] = [
  {
    name: "escapes",
    about: "puts escape sequences and markup into each text of its packets, and closes the connection",
    plays: "broker",
    connected: async (visitor) => {
      const properties = visitor.version === "5.0"
        ? [
          { name: "reasonString" as const, value: HOSTILE_TEXT },
          { name: "userProperty" as const, value: [HOSTILE_TEXT, HOSTILE_TEXT] as const },
        ]
        : [];
      await visitor.send(message, { ...message, qos: 1, packetId: 1 });
      if (visitor.version === "5.0") {
        await visitor.send({ type: "DISCONNECT", reason: 0x97, properties });
        visitor.close();
      }
    },
  },
  {
    name: "escapes-refusing",
    about: "refuses each CONNECT with escape sequences and markup in each text of its CONNACK",
    plays: "broker",
    answers: false,
    opened: async (visitor) => {
      const texts = [
        "reasonString",
        "assignedClientIdentifier",
        "responseInformation",
        "serverReference",
      ] as const;
      const properties = texts.map((name) => ({ name, value: HOSTILE_TEXT }));
      await visitor.write(encode({ type: "CONNACK", reason: 0x87, properties }, "5.0"));
      visitor.close();
    },
  },
];
