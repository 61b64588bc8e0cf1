import { type BrokerAddress, formatAddress } from "../transport/address.ts";
import type { ServerTls } from "../transport/listen.ts";
import { Broker } from "./broker.ts";

/** The settings of `deno task broker`. */
export interface ServeOptions {
  readonly host: string;
  /** The TCP port; 0 takes any free one. */
  readonly port: number;
  /** More addresses to listen at. */
  readonly also?: readonly BrokerAddress[] | undefined;
  /** The certificate, required where it listens at `mqtts` or `wss`. */
  readonly tls?: ServerTls | undefined;
  /** Ids of defects. */
  readonly defects: readonly string[];
  /** Ids of quirks. */
  readonly quirks?: readonly string[] | undefined;
  /** The time that bytes take to the broker and back; default none, or what a quirk says. */
  readonly roundTripMs?: number | undefined;
  /** Every random choice of a quirk follows from it. */
  readonly seed?: number | undefined;
  /** Ends the serving. */
  readonly signal: AbortSignal;
  /** Takes a line for the user: first where the broker listens, then with `verbose` what happens. */
  readonly print: (line: string) => void;
  /** Whether each connection is reported. */
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
