import { TransportError } from "./error.ts";
import { Libc, LIBC_PATHS } from "./libc.ts";
import type { Transport } from "./transport.ts";

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
export class ResettableTcp implements Transport {
  readonly #connection: Deno.TcpConn;

  constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  read(into: Uint8Array): Promise<number | null> {
    return this.#connection.read(into);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#connection.write(bytes);
  }

  close(): void {
    this.#connection.close();
  }

  /** Ends the connection at once, so that the far end gets a reset. Throws {@link TransportError} where that can't be. */
  reset(): void {
    const { localAddr, remoteAddr } = this.#connection;
    using libc = new Libc();
    const made = libc.resetConnection(localAddr.port, remoteAddr.port);
    this.#connection.close();
    if (!made) throw new TransportError("unsupported", "The connection could not be ended by a reset");
  }

  [Symbol.dispose](): void {
    this.#connection[Symbol.dispose]();
  }
}
