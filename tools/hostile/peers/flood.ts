import { concat } from "../../../lib/ground/bytes.ts";
import { encode } from "../../../lib/mqtt/encode.ts";
import type { Draft, ProtocolVersion } from "../../../lib/mqtt/packet.ts";
import type { HostilePeer, Visitor } from "../visitor.ts";

/** How many bytes a flood writes at once. */
const PIECE = 256 * 1024;
/** The largest possible remaining length. */
const LARGEST = 268_435_455;
const RETAINED = 100_000;

/** Fills one piece of a flood with copies of a packet. */
function many(draft: Draft, version: ProtocolVersion): Uint8Array {
  const one = encode(draft, version);
  return concat(Array.from({ length: Math.ceil(PIECE / one.length) }, () => one));
}

/** Returns the start of a PUBLISH of the largest length: its header and its topic. */
function largestBegin(version: ProtocolVersion): Uint8Array {
  const whole = encode({ type: "PUBLISH", topic: "hostile/large" }, version);
  return concat([Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f), whole.subarray(2)]);
}

async function largePackets(visitor: Visitor): Promise<void> {
  const begin = largestBegin(visitor.version);
  const filler = new Uint8Array(PIECE).fill(0x78);
  for (;;) {
    await visitor.write(begin);
    const left = LARGEST - (begin.length - 5);
    for (let at = 0; at < left; at += filler.length) {
      await visitor.write(filler.subarray(0, Math.min(filler.length, left - at)));
      await visitor.turn();
    }
  }
}

async function retained(visitor: Visitor, filters: readonly string[]): Promise<void> {
  if (!filters.includes("#")) return;
  for (let at = 0; at < RETAINED; at += 1_000) {
    const drafts = Array.from({ length: 1_000 }, (_, n): Draft => ({
      type: "PUBLISH",
      topic: `hostile/retained/${at + n}`,
      retain: true,
      payload: "kept",
    }));
    await visitor.write(concat(drafts.map((draft) => encode(draft, visitor.version))));
    await visitor.turn();
  }
}

/** Peers that send too much. */
export const FLOODS: readonly HostilePeer[] = [
  {
    name: "flood-publish",
    about: "sends a PUBLISH without any subscriber without end after CONNACK",
    plays: "broker",
    connected: (visitor) =>
      visitor.flood(
        many({ type: "PUBLISH", topic: "hostile/flood", payload: "x".repeat(64) }, visitor.version),
      ),
  },
  {
    name: "flood-subscribed",
    about: "sends messages that match the first filter without end after SUBACK",
    plays: "broker",
    subscribed: (visitor, [filter = ""]) => {
      const topic = filter.replace(/^\$share\/[^/]*\//, "").replaceAll("+", "hostile").replace(
        /#$/,
        "hostile",
      );
      return visitor.flood(many({ type: "PUBLISH", topic, payload: "x".repeat(64) }, visitor.version));
    },
  },
  {
    name: "flood-pingresp",
    about: "sends PINGRESP without end after CONNACK",
    plays: "broker",
    connected: (visitor) => visitor.flood(many({ type: "PINGRESP" }, visitor.version)),
  },
  {
    name: "flood-first",
    about: "sends PUBLISH without end in place of CONNACK",
    plays: "broker",
    answers: false,
    opened: (visitor) => visitor.flood(many({ type: "PUBLISH", topic: "hostile/first" }, "3.1.1")),
  },
  {
    name: "large",
    about: "sends packets of 256 MB without end after CONNACK",
    plays: "broker",
    connected: largePackets,
  },
  {
    name: "large-cut",
    about: "starts a packet of 256 MB after CONNACK, sends 40 MB of it, and then nothing",
    plays: "broker",
    connected: async (visitor) => {
      await visitor.write(largestBegin(visitor.version));
      const filler = new Uint8Array(PIECE).fill(0x78);
      for (let sent = 0; sent < 40_000_000; sent += filler.length) {
        await visitor.write(filler);
        await visitor.turn();
      }
    },
  },
  {
    name: "retained",
    about: "sends 100,000 retained messages after a SUBACK for the filter #",
    plays: "broker",
    subscribed: retained,
  },
];
