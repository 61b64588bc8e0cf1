import { TransportError, type TransportFault } from "./error.ts";
import type { ConnectOptions } from "./tcp.ts";

const FAULTS: readonly (readonly [new (...args: never[]) => Error, TransportFault, string])[] = [
  [Deno.errors.NotFound, "not-found", "There is no socket"],
  [Deno.errors.ConnectionRefused, "refused", "Nobody listens at the socket"],
  [Deno.errors.PermissionDenied, "denied", "This user may not use the socket"],
  [
    Deno.errors.NotCapable,
    "denied",
    "With --allow-net, --allow-read and --allow-write a run may use the socket",
  ],
];

/** Opens a connection to a Unix socket. Throws a {@link TransportError} that says in a sentence why there is none. */
export async function connectUnix(path: string, options: ConnectOptions = {}): Promise<Deno.UnixConn> {
  try {
    options.signal?.throwIfAborted();
    // The kernel answers at once, so there is nothing to wait for.
    return await Deno.connect({ transport: "unix", path });
  } catch (error) {
    const cause = { cause: error };
    if (options.signal?.aborted) {
      throw new TransportError("aborted", `The connection to "${path}" was given up`, cause);
    }
    for (const [kind, fault, text] of FAULTS) {
      if (error instanceof kind) throw new TransportError(fault, `${text} "${path}"`, cause);
    }
    const text = error instanceof Error ? error.message : String(error);
    throw new TransportError("failed", `No connection to the socket "${path}": ${text}`, cause);
  }
}
