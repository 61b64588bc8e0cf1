import type { HostilePeer } from "./visitor.ts";
import { ENDING } from "./peers/ending.ts";
import { FLOODS } from "./peers/flood.ts";
import { GARBAGE } from "./peers/garbage.ts";
import { SERIAL } from "./peers/serial.ts";
import { TEXTS } from "./peers/texts.ts";

/** All hostile peers. */
export const PEERS: readonly HostilePeer[] = [...ENDING, ...GARBAGE, ...FLOODS, ...TEXTS, ...SERIAL];

/** Returns the peer with this name. Throws RangeError for an unknown name. */
export function peerNamed(name: string): HostilePeer {
  const found = PEERS.find((peer) => peer.name === name);
  if (found) return found;
  throw new RangeError(
    `Unknown hostile peer "${name}"; the peers are ${PEERS.map((peer) => peer.name).join(", ")}`,
  );
}
