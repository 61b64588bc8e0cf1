interface Held {
  readonly due: number;
  readonly bytes: Uint8Array;
}

/** Packets of one connection that are delayed before they are written; a packet with a shorter delay overtakes others. */
export class Outbox {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #now: () => number;
  /** Sorted by the time of writing; packets with the same time keep their order. */
  #held: Held[] = [];
  /** Nothing is written before this time, because it is the time of a packet that nothing may overtake. */
  #notBefore = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(write: (bytes: Uint8Array) => void, now: () => number = () => performance.now()) {
    this.#write = write;
    this.#now = now;
  }

  /** Writes bytes after `holdMs`; with `leads`, nothing sent later overtakes them. */
  send(bytes: Uint8Array, holdMs: number, leads: boolean): void {
    if (holdMs === 0 && this.#held.length === 0) return this.#write(bytes);
    const now = this.#now();
    const due = Math.max(now + holdMs, this.#notBefore);
    if (due <= now) return this.#write(bytes);
    if (leads) this.#notBefore = due;
    const place = this.#held.findLastIndex((one) => one.due <= due) + 1;
    this.#held.splice(place, 0, { due, bytes: bytes.slice() });
    if (place === 0) this.#arm();
  }

  /** Writes all delayed packets now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#notBefore = 0;
    for (const { bytes } of this.#held) this.#write(bytes);
    this.#held = [];
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const first = this.#held[0];
    if (first) this.#timer = setTimeout(() => this.#writeDue(), Math.max(0, first.due - this.#now()));
  }

  #writeDue(): void {
    const now = this.#now();
    while (this.#held[0] && this.#held[0].due <= now) {
      const next = this.#held.shift();
      if (next) this.#write(next.bytes);
    }
    this.#arm();
  }
}
