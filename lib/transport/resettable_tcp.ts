import { DenoConnection } from "./deno_connection.ts";
import { TransportError } from "./error.ts";
import { Libc, LIBC_PATHS } from "./libc.ts";

/** Throws {@link TransportError} if the C library cannot be used, which a reset needs. */
export function checkReset(): void {
  try {
    new Libc()[Symbol.dispose]();
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const text = `A reset of a connection needs the C library; run with --allow-ffi=${LIBC_PATHS[0]}`;
    throw new TransportError(error.fault, text, { cause: error });
  }
}

/** A TCP connection that can also be closed by RST, which needs the C library. It owns the connection. */
export class ResettableTcp extends DenoConnection<Deno.TcpConn> {
  /**
   * Closes the connection immediately with a RST to the far end. Throws {@link TransportError} if that is not
   * possible.
   */
  override reset(): void {
    const { localAddr, remoteAddr } = this.connection;
    closeByReset(localAddr.port, remoteAddr.port, () => this.connection.close());
  }
}

/**
 * Resets the TCP connection between two ports, so the far end receives a RST. `close` closes it on this side.
 * Throws {@link TransportError} if no reset is possible; the connection is closed anyway.
 */
export function closeByReset(local: number | undefined, remote: number | undefined, close: () => void): void {
  using libc = new Libc();
  const made = local !== undefined && remote !== undefined && libc.resetConnection(local, remote);
  close();
  if (!made) throw new TransportError("unsupported", "The connection could not be reset");
}
