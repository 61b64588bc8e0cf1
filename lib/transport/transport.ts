import type { FrameDraft } from "./websocket_frame.ts";

/**
 * A way to move bytes, in the shape of Deno.Conn, so that a TCP connection is one as it stands. Serial lines, ptys, raw
 * serial over TCP, TLS and WebSocket look the same.
 */
export interface Transport extends Disposable {
  /** Reads at least one byte into `into`; gives how many, or null at the end of the stream. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes some of `bytes`, gives how many; see {@link writeAll}. */
  write(bytes: Uint8Array): Promise<number>;
  /** Ends both directions. A read that is under way ends with null or an error. */
  close(): void;
  /** Says that nothing more is written, where the transport can do so; reading goes on. */
  closeWrite?(): Promise<void>;
  /** The same as close by a TCP reset, where the transport can do so. Throws TransportError. */
  reset?(): void;
  /** Writes one WebSocket frame as it is, where the transport has frames. */
  writeFrame?(frame: FrameDraft): Promise<void>;
}

/** Writes all of `bytes`, however many writes it takes. */
export async function writeAll(transport: Pick<Transport, "write">, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) done += await transport.write(done === 0 ? bytes : bytes.subarray(done));
}
