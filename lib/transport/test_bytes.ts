/** Helpers with which the tests of several transports send and read. */
import type { Transport } from "./transport.ts";

/** Reads until `size` bytes have arrived or the stream ends. */
export async function readAll(transport: Transport, size: number): Promise<Uint8Array> {
  const all = new Uint8Array(size);
  let done = 0;
  while (done < size) {
    const got = await transport.read(all.subarray(done));
    if (got === null) return all.subarray(0, done);
    done += got;
  }
  return all;
}

/** Returns `size` bytes of all values. */
export function noise(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => (i * 131 + (i >> 8)) & 0xff);
}
