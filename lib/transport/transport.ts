import type { FrameDraft } from "./websocket_frame.ts";

/**
 * A byte stream in the shape of Deno.Conn, so a TCP connection is one without a wrapper. Serial lines, ptys,
 * raw serial over TCP, TLS and WebSocket implement it.
 */
export interface Transport extends Disposable {
  /** Reads at least one byte into `into`. Returns the number of bytes, or null at the end of the stream. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes some of `bytes` and returns how many; see {@link writeAll}. */
  write(bytes: Uint8Array): Promise<number>;
  /** Closes both directions. A pending read returns null or fails. */
  close(): void;
  /** Closes the write direction if the transport supports it; reading continues. */
  closeWrite?(): Promise<void>;
  /** Closes by a TCP reset if the transport supports it. Throws TransportError. */
  reset?(): void;
  /** Writes one WebSocket frame unchanged, if the transport has frames. */
  writeFrame?(frame: FrameDraft): Promise<void>;
}

/** Writes all of `bytes`, in as many writes as needed. */
export async function writeAll(transport: Pick<Transport, "write">, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) done += await transport.write(done === 0 ? bytes : bytes.subarray(done));
}
