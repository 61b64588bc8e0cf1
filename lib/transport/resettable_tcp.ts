import { DenoConnection } from "./deno_connection.ts";
import { TransportError } from "./error.ts";
import { Libc, LIBC_PATHS } from "./libc.ts";

/** Throws {@link TransportError} where the C library can't be used, without which there is no reset. */
export function checkReset(): void {
  try {
    new Libc()[Symbol.dispose]();
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const text = `A reset of a connection needs the C library; run with --allow-ffi=${LIBC_PATHS[0]}`;
    throw new TransportError(error.fault, text, { cause: error });
  }
}

/** A TCP connection that can also be ended by RST, for which the C library is needed. It owns the connection. */
export class ResettableTcp extends DenoConnection<Deno.TcpConn> {
  /** Ends the connection at once, so that the far end gets a reset. Throws {@link TransportError} where that can't be. */
  override reset(): void {
    const { localAddr, remoteAddr } = this.connection;
    closeByReset(localAddr.port, remoteAddr.port, () => this.connection.close());
  }
}

/**
 * Closes the TCP connection between two ports so that the far end gets a reset. `close` closes it here. Throws
 * {@link TransportError} where there can't be a reset; the connection is closed all the same.
 */
export function closeByReset(local: number | undefined, remote: number | undefined, close: () => void): void {
  using libc = new Libc();
  const made = local !== undefined && remote !== undefined && libc.resetConnection(local, remote);
  close();
  if (!made) throw new TransportError("unsupported", "The connection could not be ended by a reset");
}
