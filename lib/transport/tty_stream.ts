import { TransportError } from "./error.ts";
import { ERRNO, type Libc, POLL } from "./libc.ts";
import { Poller } from "./poller.ts";
import type { Transport } from "./transport.ts";

// A terminal returns one of these once its far end has closed or its device is unplugged.
const GONE: readonly number[] = [ERRNO.EIO, ERRNO.ENXIO, ERRNO.ENODEV];

/**
 * A non-blocking terminal descriptor as a {@link Transport}. It owns the descriptor and the library, and
 * releases them once it is closed and the last wait on another thread has ended; {@link close} ends such
 * waits immediately.
 */
export class TtyStream implements Transport {
  readonly #libc: Libc;
  readonly #fd: number;
  readonly #label: string;
  readonly #wake: readonly [number, number];
  readonly #onRelease: (() => void) | undefined;
  #waits = 0;
  #closed = false;

  /** `label` names it in messages; `onRelease` is called right before the descriptor is closed. */
  constructor(libc: Libc, fd: number, label: string, onRelease?: () => void) {
    this.#libc = libc;
    this.#fd = fd;
    this.#label = label;
    this.#onRelease = onRelease;
    this.#wake = libc.pipe();
  }

  /** Whether {@link close} was called. */
  get closed(): boolean {
    return this.#closed;
  }

  async read(into: Uint8Array): Promise<number | null> {
    if (into.length === 0) return 0;
    // The library accepts plain buffers only; a shared buffer is filled through a copy.
    const target = into.buffer instanceof ArrayBuffer
      ? new Uint8Array(into.buffer, into.byteOffset, into.length)
      : new Uint8Array(into.length);
    for (;;) {
      if (this.#closed) return null;
      const size = this.#libc.read(this.#fd, target);
      if (size > 0) {
        if (target.buffer !== into.buffer) into.set(target.subarray(0, size));
        return size;
      }
      if (size === 0 || GONE.includes(-size)) return null;
      if (!this.#again(size)) throw this.#failure("be read", -size);
      await this.wait(POLL.in, -1);
    }
  }

  async write(bytes: Uint8Array): Promise<number> {
    if (bytes.length === 0) return 0;
    const source = bytes.buffer instanceof ArrayBuffer
      ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
      : Uint8Array.from(bytes);
    for (;;) {
      if (this.#closed) throw new TransportError("closed", `${this.#label} is closed here`);
      const size = this.#libc.write(this.#fd, source);
      if (size >= 0) return size;
      if (GONE.includes(-size)) throw new TransportError("closed", `${this.#label} hung up`);
      if (!this.#again(size)) throw this.#failure("be written", -size);
      await this.wait(POLL.out, -1);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#libc.write(this.#wake[1], Uint8Array.of(0));
    if (this.#waits === 0) this.#release();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Waits until the descriptor is ready for `events`, this end is closed, or `withinMs` pass (-1: no
   * timeout).
   */
  async wait(events: number, withinMs: number): Promise<void> {
    const fds = events === 0 ? [] : [{ fd: this.#fd, events }];
    const all = [...fds, { fd: this.#wake[0], events: POLL.in }];
    await this.hold(Poller.shared.wait(this.#libc, all, withinMs));
  }

  /** Keeps descriptor and library open until a call on another thread returns. */
  async hold(call: Promise<void>): Promise<void> {
    this.#waits++;
    try {
      await call;
    } finally {
      this.#waits--;
      if (this.#closed && this.#waits === 0) this.#release();
    }
  }

  #again(size: number): boolean {
    return -size === this.#libc.platform.EAGAIN || -size === ERRNO.EINTR;
  }

  #failure(what: string, errno: number): TransportError {
    return new TransportError("failed", `${this.#label} could not ${what}: ${this.#libc.describe(errno)}`);
  }

  #release(): void {
    this.#onRelease?.();
    this.#libc.close(this.#fd);
    for (const end of this.#wake) this.#libc.close(end);
    this.#libc[Symbol.dispose]();
  }
}
