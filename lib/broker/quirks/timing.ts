import type { PacketType } from "../../mqtt/packet.ts";
import type { Quirk } from "./quirk.ts";

/** Holds packets of some types back; others overtake them. */
function holding(ms: number, packets: readonly PacketType[]): Pick<Quirk, "packets" | "alter"> {
  return {
    packets,
    alter: (usual) => ({
      holdMs: (packet) => packets.includes(packet.type) ? ms : usual.holdMs(packet),
    }),
  };
}

/**
 * Holds messages back by topic name and QoS. Messages that are sent again keep their order, and so do those with a
 * topic alias, which is unknown before the message that sets it.
 */
function holdingMessages(msOf: (topic: string, qos: number) => number): Pick<Quirk, "packets" | "alter"> {
  return {
    packets: ["PUBLISH"],
    alter: (usual) => ({
      holdMs: (packet) => {
        if (packet.type !== "PUBLISH") return usual.holdMs(packet);
        if (packet.dup) return 0;
        const aliased = packet.properties?.some(({ name }) => name === "topicAlias");
        return aliased ? LONGEST_MS : msOf(String(packet.topic), packet.qos ?? 0);
      },
    }),
  };
}

/** The longest time that a message is held back. */
const LONGEST_MS = 200;

/** Maps each text to a number from 0 to 2. */
const third = (text: string) => [...text].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 3;

const NO_TIME = "neither document sets a time limit";

/** Quirks of timing. */
export const TIMING_QUIRKS: readonly Quirk[] = [
  {
    id: "connack-late",
    about: "CONNACK is sent 700 ms late, and all other packets after it",
    lawful: NO_TIME,
    ...holding(700, ["CONNACK"]),
  },
  {
    id: "acks-late",
    about: "PUBACK, PUBREC and PUBCOMP are sent 300 ms late; other packets overtake them",
    lawful: `${NO_TIME}; section 4.6 orders only acknowledgements among each other`,
    ...holding(300, ["PUBACK", "PUBREC", "PUBCOMP"]),
  },
  {
    id: "suback-late",
    about: "SUBACK and UNSUBACK are sent 300 ms late; other packets overtake them",
    lawful: `${NO_TIME}; section 3.8.4 lets messages come before SUBACK`,
    ...holding(300, ["SUBACK", "UNSUBACK"]),
  },
  {
    id: "pingresp-late",
    about: "PINGRESP is sent 300 ms late; other packets overtake it",
    lawful: NO_TIME,
    ...holding(300, ["PINGRESP"]),
  },
  {
    id: "deliveries-late",
    about: "Messages are sent to subscribers 300 ms late; other packets overtake them",
    lawful: `${NO_TIME}; neither document orders messages relative to answers`,
    ...holding(300, ["PUBLISH"]),
  },
  {
    id: "pubrel-late",
    about: "PUBREL is sent 300 ms late; other packets overtake it",
    lawful: NO_TIME,
    ...holding(300, ["PUBREL"]),
  },
  {
    id: "acks-out-of-step",
    about: "PUBREC is sent 150 ms late and PUBCOMP 300 ms, but PUBACK at once",
    lawful: "section 4.6 orders only PUBACKs among each other and PUBRECs among each other",
    packets: ["PUBREC", "PUBCOMP"],
    alter: (usual) => ({
      holdMs: (packet) =>
        packet.type === "PUBREC" ? 150 : packet.type === "PUBCOMP" ? 300 : usual.holdMs(packet),
    }),
  },
  {
    id: "order-within-a-topic",
    about: "Messages at different topic names overtake each other by up to 200 ms",
    lawful: "MQTT-4.6.0-6 of 3.1.1 (MQTT-4.6.0-5 of 5.0) orders messages of the same topic and QoS",
    ...holdingMessages((topic) => third(topic) * LONGEST_MS / 2),
  },
  {
    id: "order-within-a-qos",
    about: "QoS 1 messages are sent 100 ms late and QoS 2 messages 200 ms, but QoS 0 messages at once",
    lawful: "MQTT-4.6.0-6 of 3.1.1 (MQTT-4.6.0-5 of 5.0) orders messages of the same topic and QoS",
    ...holdingMessages((_, qos) => qos * LONGEST_MS / 2),
  },
  {
    id: "reads-slowly",
    about: "The broker reads 256 bytes at a time, with 5 ms in between",
    lawful: NO_TIME,
    alter: () => ({ readBytes: 256, readGapMs: 5 }),
  },
  {
    id: "round-trip-50ms",
    about: "Bytes take 50 ms to the broker and back, as over a national network",
    lawful: NO_TIME,
    alter: () => ({ roundTripMs: 50 }),
  },
  {
    id: "round-trip-1500ms",
    about: "Bytes take 1.5 s to the broker and back, as over a very slow mobile network",
    lawful: NO_TIME,
    alter: () => ({ roundTripMs: 1_500 }),
  },
];
