import { messageOf } from "../ground/error_message.ts";
import { DenoConnection } from "./deno_connection.ts";
import { givenUp, TransportError, type TransportFault } from "./error.ts";
import type { ConnectOptions } from "./tcp.ts";
import type { Transport } from "./transport.ts";

/** A connection to a Unix socket. It owns the connection. */
class UnixTransport extends DenoConnection<Deno.UnixConn> {
  /** Closes the connection: a Unix socket has no separate reset. */
  override reset(): void {
    this.close();
  }
}

const FAULTS: readonly (readonly [new (...args: never[]) => Error, TransportFault, string])[] = [
  [Deno.errors.NotFound, "not-found", "There is no socket"],
  [Deno.errors.ConnectionRefused, "refused", "There is no listener at the socket"],
  [Deno.errors.PermissionDenied, "denied", "This user may not use the socket"],
  [
    Deno.errors.NotCapable,
    "denied",
    "With --allow-net, --allow-read and --allow-write a run may use the socket",
  ],
];

/** The pause before the next attempt on a socket with a full backlog, in ms. */
const AGAIN_MS = 5;

/** Opens a connection to a Unix socket. Throws a {@link TransportError} with the reason in one sentence. */
export async function connectUnix(path: string, options: ConnectOptions = {}): Promise<Transport> {
  const until = performance.now() + (options.withinMs ?? 5_000);
  try {
    for (;;) {
      options.signal?.throwIfAborted();
      try {
        return new UnixTransport(await Deno.connect({ transport: "unix", path }));
      } catch (error) {
        // The kernel responds at once, even if the listener's backlog is full.
        const full = error instanceof Deno.errors.WouldBlock || /temporarily unavailable/.test(String(error));
        if (!full || performance.now() > until) throw error;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  } catch (error) {
    const cause = { cause: error };
    if (options.signal?.aborted) throw givenUp(`"${path}"`, cause);
    for (const [kind, fault, text] of FAULTS) {
      if (error instanceof kind) throw new TransportError(fault, `${text} "${path}"`, cause);
    }
    const text = messageOf(error);
    throw new TransportError("failed", `No connection to the socket "${path}": ${text}`, cause);
  }
}
