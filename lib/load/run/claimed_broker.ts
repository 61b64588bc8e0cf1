import { type Askable, asked } from "../../target/ask.ts";
import { claimed } from "../../target/claims.ts";
import type { TargetFile } from "../../target/target_file.ts";
import { dial } from "../../transport/dial.ts";
import { type LoadBroker, placeText } from "./load_broker.ts";

/** How long a connection may take, in milliseconds. */
const CONNECT_MS = 5_000;

/** A broker of a load, with the claims of its file, or those that it is asked for. Throws TargetError and TransportError. */
export async function claimedBroker(
  { place, version }: LoadBroker,
  file: TargetFile,
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
  return await asked(broker, file, signal);
}
