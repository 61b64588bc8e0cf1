import type { HostilePeer } from "./visitor.ts";
import { ENDING } from "./peers/ending.ts";
import { FLOODS } from "./peers/flood.ts";
import { GARBAGE } from "./peers/garbage.ts";
import { SERIAL } from "./peers/serial.ts";
import { TEXTS } from "./peers/texts.ts";

/** All hostile peers. */
export const PEERS: readonly HostilePeer[] = [...ENDING, ...GARBAGE, ...FLOODS, ...TEXTS, ...SERIAL];

/** Returns the peer of a name. Throws RangeError for a name that no peer has. */
export function peerNamed(name: string): HostilePeer {
  const found = PEERS.find((peer) => peer.name === name);
  if (found) return found;
  throw new RangeError(
    `no hostile peer is named "${name}"; there are ${PEERS.map((peer) => peer.name).join(", ")}`,
  );
}
