import { TransportError } from "./error.ts";
import { type Transport, writeAll } from "./transport.ts";
import {
  applyMask,
  decodeHead,
  encodeFrame,
  type FrameDraft,
  type FrameHead,
  OPCODE,
} from "./websocket_frame.ts";

/** The longest payload of a ping, which the pong repeats, in bytes. [RFC 6455, 5.5] */
const LONGEST_CONTROL = 125;

/** Deviations from normal WebSocket behaviour, for implementations that are wrong or unusual on purpose. */
export interface WebSocketHabits {
  /** Whether text frames are read like binary ones. */
  readonly readsText?: boolean | undefined;
  /** The opcode of written frames. */
  readonly writes?: number | undefined;
  /** Whether the complete payload of one frame is accepted; a rejected one closes the connection. */
  readonly takes?: ((payload: Uint8Array) => boolean) | undefined;
  /** Splits written bytes into frames; by default one frame. */
  readonly frames?: ((payload: Uint8Array) => readonly FrameDraft[]) | undefined;
  /** Whether the connection closes without a close frame. */
  readonly closesSilently?: boolean | undefined;
}

/**
 * A WebSocket as a byte stream: each write becomes one binary frame, and received binary frames are read
 * without regard to their boundaries. Pings are answered. It owns the underlying connection.
 */
export class WebSocketTransport implements Transport {
  readonly #inner: Transport;
  readonly #masks: boolean;
  readonly #buffer = new Uint8Array(16 * 1024);
  /** Bytes that were read but not yet processed. */
  #pending: Uint8Array;
  #frame: { readonly head: FrameHead; done: number; readonly control: Uint8Array } | undefined;
  /** Whether a fragmented message is open and continuation frames follow. */
  #within = false;
  #ended = false;
  #closed = false;
  #writes: Promise<void> = Promise.resolve();
  #closeSent = false;
  readonly #habits: WebSocketHabits;
  /** The parts of the current frame so far, if frames are checked as a whole. */
  #whole: Uint8Array[] = [];

  /** `rest` are bytes that came after the handshake. */
  constructor(
    inner: Transport,
    role: "client" | "server",
    rest: Uint8Array = new Uint8Array(0),
    habits: WebSocketHabits = {},
  ) {
    this.#inner = inner;
    this.#habits = habits;
    this.#masks = role === "client";
    this.#pending = rest;
    if (inner.reset) this.reset = () => inner.reset?.();
  }

  /** Resets the underlying connection; absent if that is not possible. */
  reset?: () => void;

  /** Throws {@link TransportError} for a frame that RFC 6455 or section 6 of MQTT does not allow. */
  async read(into: Uint8Array): Promise<number | null> {
    for (;;) {
      const size = this.#take(into);
      if (size > 0) return size;
      if (this.#ended) return null;
      const got = await this.#inner.read(this.#buffer);
      if (got === null) return null;
      if (this.#pending.length === 0) this.#pending = this.#buffer.subarray(0, got);
      else {
        // Part of a frame head is pending: append the new bytes.
        const grown = new Uint8Array(this.#pending.length + got);
        grown.set(this.#pending);
        grown.set(this.#buffer.subarray(0, got), this.#pending.length);
        this.#pending = grown;
      }
    }
  }

  async write(bytes: Uint8Array): Promise<number> {
    const opcode = this.#habits.writes ?? OPCODE.binary;
    const frames = this.#habits.frames?.(bytes) ?? [{ opcode, payload: bytes }];
    for (const frame of frames) await this.writeFrame(frame);
    return bytes.length;
  }

  /** Writes one frame, right or wrong. */
  writeFrame(frame: FrameDraft): Promise<void> {
    const { masked = this.#masks, ...rest } = frame;
    const mask = masked ? crypto.getRandomValues(new Uint8Array(4)) : undefined;
    const bytes = encodeFrame({ ...rest, mask });
    if (frame.opcode === OPCODE.close) this.#closeSent = true;
    const write = this.#writes.then(() => writeAll(this.#inner, bytes));
    this.#writes = write.catch(() => {});
    return write;
  }

  /** Sends a close frame, which says that nothing more is sent. */
  async closeWrite(): Promise<void> {
    if (!this.#closeSent && !this.#habits.closesSilently) await this.#sendClose(1000);
    await this.#inner.closeWrite?.();
  }

  close(): void {
    // A wrong frame closes it too, and Deno throws if a connection is closed twice.
    if (this.#closed) return;
    this.#closed = true;
    this.#inner.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Returns how much of the payload is available; 0 if more must be read first. */
  #take(into: Uint8Array): number {
    while (!this.#ended) {
      if (!this.#frame) {
        const head = decodeHead(this.#pending);
        if (!head) {
          // The next read reuses the buffer, so copy what is left in it.
          this.#pending = this.#pending.slice();
          return 0;
        }
        this.#pending = this.#pending.subarray(head.length);
        this.#begin(head);
      }
      const frame = this.#frame;
      if (!frame) return 0;
      const { head } = frame;
      const isControl = head.opcode >= OPCODE.close;
      const target = isControl ? frame.control.subarray(frame.done) : into;
      const size = Math.min(head.size - frame.done, this.#pending.length, target.length);
      if (size > 0) {
        const part = target.subarray(0, size);
        part.set(this.#pending.subarray(0, size));
        if (head.mask) applyMask(part, head.mask, frame.done);
        this.#pending = this.#pending.subarray(size);
        frame.done += size;
      }
      const complete = frame.done === head.size;
      if (complete) {
        this.#frame = undefined;
        if (isControl) this.#control(head.opcode, frame.control);
      }
      if (!isControl && this.#habits.takes) this.#look(into.subarray(0, size), complete);
      if (!isControl && size > 0) return size;
      if (!complete) return 0;
    }
    return 0;
  }

  #look(part: Uint8Array, complete: boolean): void {
    this.#whole.push(part.slice());
    if (!complete) return;
    const payload = Uint8Array.from(this.#whole.flatMap((bytes) => [...bytes]));
    this.#whole = [];
    if (this.#habits.takes?.(payload) !== false) return;
    this.close();
    throw new TransportError("failed", "A WebSocket frame was rejected");
  }

  #begin(head: FrameHead): void {
    const isControl = head.opcode >= OPCODE.close;
    const problem = this.#problem(head, isControl);
    if (problem !== undefined) {
      void this.#sendClose(head.opcode === OPCODE.text ? 1003 : 1002).finally(() => this.close());
      this.#ended = true;
      throw new TransportError("failed", problem);
    }
    if (!isControl) this.#within = !head.final;
    this.#frame = { head, done: 0, control: new Uint8Array(isControl ? head.size : 0) };
  }

  #problem(head: FrameHead, isControl: boolean): string | undefined {
    const far = this.#masks ? "server" : "client";
    // [MQTT-6.0.0-1]
    if (head.opcode === OPCODE.text && !this.#habits.readsText) {
      return `The ${far} sent a WebSocket text frame; MQTT requires binary frames`;
    }
    if (!isControl && head.opcode > OPCODE.binary || head.opcode > OPCODE.pong) {
      return `The ${far} sent a WebSocket frame with the reserved opcode ${head.opcode}`;
    }
    if (head.reserved !== 0) {
      return `The ${far} set reserved bits of a WebSocket frame without negotiation`;
    }
    if ((head.mask !== undefined) === this.#masks) {
      return `The ${far} sent a WebSocket frame ${head.mask ? "with" : "without"} a mask`;
    }
    if (isControl && (head.size > LONGEST_CONTROL || !head.final)) {
      return `The ${far} sent a WebSocket control frame that is too long or fragmented`;
    }
    if (!isControl && (head.opcode === OPCODE.continuation) !== this.#within) {
      return this.#within
        ? `The ${far} started a WebSocket message within another`
        : `The ${far} sent a WebSocket continuation frame without a message to continue`;
    }
    return undefined;
  }

  #control(opcode: number, payload: Uint8Array): void {
    if (opcode === OPCODE.ping) {
      this.writeFrame({ opcode: OPCODE.pong, payload }).catch(() => {
        // The connection is lost; its reader sees that.
      });
    } else if (opcode === OPCODE.close) {
      this.#ended = true;
      if (!this.#closeSent && !this.#habits.closesSilently) void this.#sendClose(1000);
    }
  }

  async #sendClose(code: number): Promise<void> {
    try {
      await this.writeFrame({ opcode: OPCODE.close, payload: new Uint8Array([code >> 8, code & 0xff]) });
    } catch {
      // The far end has closed the connection already.
    }
  }
}
