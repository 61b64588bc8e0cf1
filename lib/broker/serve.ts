import { type BrokerAddress, formatAddress } from "../transport/address.ts";
import type { ServerTls } from "../transport/listen.ts";
import { Broker } from "./broker.ts";

/** What `deno task broker` is told. */
export interface ServeOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Where it listens besides. */
  readonly also?: readonly BrokerAddress[];
  /** Due where it listens at `mqtts` or `wss`. */
  readonly tls?: ServerTls;
  /** Ids of defects. */
  readonly defects: readonly string[];
  /** Ends the serving. */
  readonly signal: AbortSignal;
  /** Takes a line for the user: first where the broker listens, then with `verbose` what happens. */
  readonly print: (line: string) => void;
  /** Whether each connection is reported. */
  readonly verbose?: boolean;
}

/**
 * Runs the reference broker until `signal` aborts. Throws what {@link Broker.start} throws.
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { host, port, also, tls, defects, signal, print } = options;
  await using broker = await Broker.start({
    host,
    port,
    defects,
    ...(also ? { also } : {}),
    ...(tls ? { tls } : {}),
    ...(options.verbose ? { log: print } : {}),
  });
  for (const address of broker.addresses) print(`The reference broker listens at ${formatAddress(address)}`);
  if (defects.length > 0) print(`Its defects: ${defects.join(", ")}`);
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
