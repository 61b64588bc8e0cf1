import { type BrokerAddress, formatAddress } from "../transport/address.ts";
import type { ServerTls } from "../transport/listen.ts";
import { Broker } from "./broker.ts";

/** The settings of `deno task broker`. */
export interface ServeOptions {
  readonly host: string;
  /** The TCP port; 0 chooses any free one. */
  readonly port: number;
  /** More addresses to listen on. */
  readonly also?: readonly BrokerAddress[] | undefined;
  /** The certificate, required if the broker listens on `mqtts` or `wss`. */
  readonly tls?: ServerTls | undefined;
  /** Ids of defects. */
  readonly defects: readonly string[];
  /** Ids of quirks. */
  readonly quirks?: readonly string[] | undefined;
  /** The simulated round-trip time to the broker; default 0 or the value of a quirk. */
  readonly roundTripMs?: number | undefined;
  /** The seed of every random choice of a quirk. */
  readonly seed?: number | undefined;
  /** Stops the broker. */
  readonly signal: AbortSignal;
  /** Prints a line for the user: first the addresses of the broker, then, with `verbose`, what happens. */
  readonly print: (line: string) => void;
  /** Whether to report each connection. */
  readonly verbose?: boolean | undefined;
}

/**
 * Runs the reference broker until `signal` aborts. Throws what {@link Broker.start} throws.
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { signal, print, verbose, ...settings } = options;
  const { defects, quirks = [] } = settings;
  await using broker = await Broker.start({ ...settings, log: verbose ? print : undefined });
  for (const address of broker.addresses) print(`The reference broker listens at ${formatAddress(address)}`);
  if (defects.length > 0) print(`Its defects: ${defects.join(", ")}`);
  if (quirks.length > 0) print(`Its quirks: ${quirks.join(", ")}`);
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
