import { type Askable, asked } from "../../target/ask.ts";
import { claimed } from "../../target/claims.ts";
import type { TargetFile } from "../../target/target_file.ts";
import { dial } from "../../transport/dial.ts";
import { type LoadBroker, placeText } from "./load_broker.ts";

/** How long a connection may take, in milliseconds. */
const CONNECT_MS = 5_000;
/** A payload that every broker seen so far accepts, in bytes. */
const ANY_TAKES = 60_000;

/**
 * Reaches a broker of a load, with the claims of its file, or with those found by probing. The largest packet that it
 * accepts is probed only if `largest`, the largest payload in bytes, may be too large for a broker. Throws TargetError
 * and TransportError.
 */
export async function claimedBroker(
  { place, version }: LoadBroker,
  file: TargetFile,
  largest: number,
  signal: AbortSignal,
): Promise<Askable> {
  const { address, tls, credentials } = place;
  const broker: Askable = {
    ...claimed(file, placeText(place)),
    kind: "broker",
    version,
    credentials,
    connect: (signal) => dial(address, { withinMs: CONNECT_MS, signal, tls }),
  };
  return await asked(broker, file, signal, [], largest <= ANY_TAKES);
}
