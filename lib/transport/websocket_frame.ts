/** Frames of RFC 6455, section 5: the unit in which WebSocket moves bytes. */

/** The type of a frame; 3–7 and 11–15 are reserved and shown as their number. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A frame to write. */
export interface WebSocketFrame {
  /** 0 to 15; see {@link OPCODE}. */
  readonly opcode: number;
  readonly payload: Uint8Array;
  /** FIN: whether it is the last of its message; default true. */
  readonly final?: boolean | undefined;
  /** RSV1 to RSV3 as a number, 4 being RSV1; default 0. */
  readonly reserved?: number | undefined;
  /** The masking key of four bytes; absent for an unmasked frame. */
  readonly mask?: Uint8Array | undefined;
}

/** A frame to send; masked as its sender's role requires unless `masked` says otherwise. */
export type FrameDraft = Omit<WebSocketFrame, "mask"> & { readonly masked?: boolean };

/** The head of a received frame; `size` is the size of its payload in bytes. */
export interface FrameHead {
  readonly opcode: number;
  readonly final: boolean;
  readonly reserved: number;
  readonly mask?: Uint8Array | undefined;
  readonly size: number;
  /** The length of the head in bytes. */
  readonly length: number;
}

const FIN = 0x80;
const MASKED = 0x80;

/** Encodes a frame. */
export function encodeFrame(frame: WebSocketFrame): Uint8Array<ArrayBuffer> {
  const { opcode, payload, final = true, reserved = 0, mask } = frame;
  const size = payload.length;
  const extended = size < 126 ? 0 : size <= 0xffff ? 2 : 8;
  const start = 2 + extended + (mask ? 4 : 0);
  const bytes = new Uint8Array(start + size);
  const view = new DataView(bytes.buffer);
  bytes[0] = (final ? FIN : 0) | (reserved & 7) << 4 | (opcode & 0xf);
  bytes[1] = (mask ? MASKED : 0) | (extended === 0 ? size : extended === 2 ? 126 : 127);
  if (extended === 2) view.setUint16(2, size);
  if (extended === 8) view.setBigUint64(2, BigInt(size));
  bytes.set(payload, start);
  if (mask) {
    bytes.set(mask, start - 4);
    applyMask(bytes.subarray(start), mask, 0);
  }
  return bytes;
}

/** Reads the head of a frame at the start of `bytes`. Returns undefined if it is incomplete. */
export function decodeHead(bytes: Uint8Array): FrameHead | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const masked = (second & MASKED) !== 0;
  const length = 2 + extended + (masked ? 4 : 0);
  if (bytes.length < length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = extended === 0 ? short : extended === 2 ? view.getUint16(2) : Number(view.getBigUint64(2));
  return {
    opcode: first & 0xf,
    final: (first & FIN) !== 0,
    reserved: first >> 4 & 7,
    mask: masked ? bytes.slice(length - 4, length) : undefined,
    size,
    length,
  };
}

/** Masks or unmasks in place; `offset` is the number of payload bytes before. */
export function applyMask(bytes: Uint8Array, mask: Uint8Array, offset: number): void {
  for (let i = 0; i < bytes.length; i++) bytes[i] = (bytes[i] ?? 0) ^ (mask[(offset + i) & 3] ?? 0);
}
