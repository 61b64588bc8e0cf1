/** Milliseconds between two looks at the clock. */
const LOOK_MS = 50;

/** What a {@link Pinger} does. */
export interface PingerOptions {
  /** Whether a connection without a PINGRESP is given up. */
  readonly missesPong: boolean;
  readonly ping: () => void;
  readonly lost: () => void;
}

/** The clock of Keep Alive: pings after a silence, and gives the connection up if nothing answers. */
export class Pinger {
  readonly #options: PingerOptions;
  #timer: ReturnType<typeof setInterval> | undefined;
  #sentAt = 0;
  #pingedAt: number | undefined;

  constructor(options: PingerOptions) {
    this.#options = options;
  }

  /** Starts with a connection that pings after this silence in milliseconds; undefined for never. */
  start(after: number | undefined): void {
    this.stop();
    if (after === undefined) return;
    this.#timer = setInterval(() => {
      const now = performance.now();
      if (this.#pingedAt !== undefined && now - this.#pingedAt > after * 2 && this.#options.missesPong) {
        this.#options.lost();
      } else if (this.#pingedAt === undefined && now - this.#sentAt >= after) {
        this.#pingedAt = now;
        this.#options.ping();
      }
    }, LOOK_MS);
  }

  /** Stops with the end of the connection. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#pingedAt = undefined;
  }

  /** The client has sent something. */
  sent(): void {
    this.#sentAt = performance.now();
  }

  /** PINGRESP came. */
  answered(): void {
    this.#pingedAt = undefined;
  }
}
