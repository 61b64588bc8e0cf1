import { decodeOne } from "../../mqtt/decode.ts";
import { encode } from "../../mqtt/encode.ts";
import type { ConnackPacket, ProtocolVersion } from "../../mqtt/packet.ts";
import { TransportError } from "../../transport/error.ts";
import { type Transport, writeAll } from "../../transport/transport.ts";
import type { Credentials } from "../target.ts";

/** The first response of a far end. */
export type FirstAnswer =
  /** A CONNACK that accepts the client, or an unreadable one, which the suites judge. */
  | { readonly kind: "accepted" }
  /** A CONNACK that refuses the client. */
  | { readonly kind: "refused"; readonly version: ProtocolVersion; readonly connack: ConnackPacket }
  /** Bytes that are not a CONNACK, or an incomplete one. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** The connection closed without a byte. */
  | { readonly kind: "closed" }
  /** Nothing came in time. */
  | { readonly kind: "silent" };

/** How to ask a far end. */
export interface Question {
  /** Opens a connection. Throws TransportError. */
  readonly open: (signal: AbortSignal) => Promise<Transport>;
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

/** A CONNECT for a {@link Question}. */
export interface Hello {
  readonly version: ProtocolVersion;
  readonly clientId: string;
  readonly credentials?: Credentials | undefined;
}

/** The most bytes of a response that are read; a CONNACK of 5.0 with a long Reason String is cut there. */
const MOST_BYTES = 4 * 1024;

/**
 * Sends a CONNECT on a new connection and reads the first response. Throws TransportError if there is no
 * connection.
 */
export async function askConnect(question: Question, hello: Hello): Promise<FirstAnswer> {
  const { version, clientId, credentials } = hello;
  const connect = encode(
    { type: "CONNECT", cleanStart: true, keepAlive: 60, clientId, ...credentials },
    version,
  );
  const isWhole = (bytes: Uint8Array) => mayBeConnack(bytes) ? connackSize(bytes) <= bytes.length : true;
  const { bytes, ended } = await exchange(
    question,
    connect,
    isWhole,
    encode({ type: "DISCONNECT" }, version),
  );
  if (bytes.length === 0) return { kind: ended ? "closed" : "silent" };
  if (!mayBeConnack(bytes) || connackSize(bytes) > bytes.length) return { kind: "bytes", bytes };
  const frame = decodeOne(bytes, version);
  if (frame.kind !== "packet" || frame.packet.type !== "CONNACK" || frame.packet.reason === 0) {
    return { kind: "accepted" };
  }
  return { kind: "refused", version, connack: frame.packet };
}

/** Sends some bytes on a new connection and returns the first response bytes. Throws TransportError. */
export async function askBytes(question: Question, bytes: Uint8Array): Promise<Uint8Array> {
  return (await exchange(question, bytes, (found) => found.length >= 5)).bytes;
}

/** Writes, and reads until `isWhole`, the end of the connection, or the timeout. Finally sends `farewell`. */
async function exchange(
  { open, withinMs, signal }: Question,
  request: Uint8Array,
  isWhole: (bytes: Uint8Array) => boolean,
  farewell?: Uint8Array,
): Promise<{ readonly bytes: Uint8Array; readonly ended: boolean }> {
  const transport = await open(signal);
  let closed = false;
  const close = () => {
    if (closed) return;
    closed = true;
    transport.close();
  };
  const timer = setTimeout(close, withinMs);
  signal.addEventListener("abort", close);
  const buffer = new Uint8Array(MOST_BYTES);
  let size = 0;
  try {
    // A far end that has closed may have sent the reason first.
    await writeAll(transport, request).catch(() => {});
    while (!closed && size < MOST_BYTES) {
      const read = await transport.read(buffer.subarray(size)).catch((error: unknown) => {
        // In TLS 1.3 a server refuses a client without a certificate only here.
        if (error instanceof TransportError && error.fault === "denied") throw error;
        return null;
      });
      if (read === null) break;
      size += read;
      if (!isWhole(buffer.subarray(0, size))) continue;
      if (farewell && !closed) await writeAll(transport, farewell).catch(() => {});
      break;
    }
    return { bytes: buffer.slice(0, size), ended: !closed };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", close);
    close();
  }
}

/**
 * Whether bytes can start a CONNACK. With reserved flags the length must be that of 3.x, which excludes text
 * of other protocols that starts with `*` or `-`.
 */
function mayBeConnack(bytes: Uint8Array): boolean {
  const [first = 0, length] = bytes;
  return first === 0x20 || (first >> 4 === 2 && (length === undefined || length === 2));
}

/**
 * Returns the size of the packet at the start of the bytes, or more than there are if its length is
 * incomplete.
 */
function connackSize(bytes: Uint8Array): number {
  let size = 0;
  for (let at = 1; at < 5; at++) {
    const digit = bytes[at];
    if (digit === undefined) return bytes.length + 1;
    size += (digit & 0x7f) << (7 * (at - 1));
    if (digit < 0x80) return at + 1 + size;
  }
  return bytes.length;
}
