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

const NO_TIME = "neither document names a time";

/** Quirks of the time that things take. */
export const TIMING_QUIRKS: readonly Quirk[] = [
  {
    id: "connack-late",
    about: "CONNACK is sent 700 ms late, and all other packets behind it",
    lawful: NO_TIME,
    ...holding(700, ["CONNACK"]),
  },
  {
    id: "acks-late",
    about: "PUBACK, PUBREC and PUBCOMP are sent 300 ms late; other packets overtake them",
    lawful: `${NO_TIME}; section 4.6 orders acknowledgements among each other only`,
    ...holding(300, ["PUBACK", "PUBREC", "PUBCOMP"]),
  },
  {
    id: "suback-late",
    about: "SUBACK and UNSUBACK are sent 300 ms late; other packets overtake them",
    lawful: `${NO_TIME}; section 3.8.4 lets messages come ahead of the SUBACK`,
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
    lawful: `${NO_TIME}; neither document orders messages against answers`,
    ...holding(300, ["PUBLISH"]),
  },
  {
    id: "pubrel-late",
    about: "PUBREL is sent 300 ms late; other packets overtake it",
    lawful: NO_TIME,
    ...holding(300, ["PUBREL"]),
  },
  {
    id: "reads-slowly",
    about: "The broker reads 256 bytes at a time, with 5 ms between",
    lawful: NO_TIME,
    alter: () => ({ readBytes: 256, readGapMs: 5 }),
  },
  {
    id: "round-trip-50ms",
    about: "Bytes take 50 ms to the broker and back, as on a line across a country",
    lawful: NO_TIME,
    alter: () => ({ roundTripMs: 50 }),
  },
  {
    id: "round-trip-1500ms",
    about: "Bytes take 1.5 s to the broker and back, as over a mobile network at its worst",
    lawful: NO_TIME,
    alter: () => ({ roundTripMs: 1_500 }),
  },
];
