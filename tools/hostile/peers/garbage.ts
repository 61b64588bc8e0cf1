import { seededRandom } from "../../../lib/ground/seeded_random.ts";
import type { HostilePeer } from "../visitor.ts";

/** How many bytes a flood writes at once. */
const PIECE = 64 * 1024;

/** Returns random bytes, the same ones each time. */
function garbage(): Uint8Array {
  const random = seededRandom(1);
  return Uint8Array.from({ length: PIECE }, () => Math.floor(random() * 256));
}

/** Peers that send something other than MQTT. */
export const GARBAGE: readonly HostilePeer[] = [
  {
    name: "garbage",
    about: "sends random bytes without end in place of CONNACK",
    plays: "broker",
    answers: false,
    opened: (visitor) => visitor.flood(garbage()),
  },
  {
    name: "garbage-connected",
    about: "sends random bytes without end after CONNACK",
    plays: "broker",
    connected: (visitor) => visitor.flood(garbage()),
  },
  {
    name: "endless-length",
    about: "sends a remaining length that never ends in place of CONNACK",
    plays: "broker",
    answers: false,
    opened: (visitor) => visitor.flood(new Uint8Array(PIECE).fill(0xff)),
  },
  {
    name: "endless-length-connected",
    about: "sends a remaining length that never ends after CONNACK",
    plays: "broker",
    connected: async (visitor) => {
      await visitor.write(Uint8Array.of(0x30));
      await visitor.flood(new Uint8Array(PIECE).fill(0xff));
    },
  },
];
