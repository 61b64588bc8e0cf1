/** The parameters of a case's time, all in milliseconds. */
export interface CaseTimeOptions {
  /** The time limit of the case. Time spent on arrivals that come in time does not count, within reason. */
  readonly limitMs: number;
  /** The default wait of an expectation on a line without delay. */
  readonly withinMs: number;
  /** The time of a packet and its answer on the line. */
  readonly roundTripMs?: number | undefined;
  /** The time of one more byte on the line. */
  readonly msPerByte?: number | undefined;
}

/** The absolute maximum of a case's time, as a multiple of its limit. */
const MOST_LIMITS = 10;
/** A byte goes to the target, and from it to another client. */
const WAYS = 2;
/** The factor for events whose time no document specifies: a close, and a will. */
const PATIENCE = 2;

/**
 * The time of one case: its waits and its limit. A wait grows with the round trip and with what the case has
 * sent over a slow line. The limit counts only time spent on what does not come; time in which an answer came
 * is credited, so a hundred answers of a slow target do not count as a fault.
 */
export class CaseTime implements Disposable {
  readonly limitMs: number;
  readonly #withinMs: number;
  readonly #roundTripMs: number;
  readonly #msPerByte: number;
  readonly #limit = new AbortController();
  readonly #latest: number;
  #endsAt: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sentBytes = 0;
  #hasWill = false;
  #watchesModule = false;

  constructor({ limitMs, withinMs, roundTripMs = 0, msPerByte = 0 }: CaseTimeOptions) {
    this.limitMs = limitMs;
    this.#withinMs = withinMs;
    this.#roundTripMs = roundTripMs;
    this.#msPerByte = msPerByte;
    const now = performance.now();
    this.#endsAt = now + limitMs;
    this.#latest = now + MOST_LIMITS * limitMs;
    this.#watch();
  }

  /** Aborts at the limit. */
  get signal(): AbortSignal {
    return this.#limit.signal;
  }

  /** When the limit ends the case as things stand, by `performance.now()`. */
  get endsAt(): number {
    return this.#endsAt;
  }

  /** What the line adds to every wait now. */
  get delayMs(): number {
    return this.#roundTripMs + Math.ceil(WAYS * this.#sentBytes * this.#msPerByte);
  }

  /** The default wait of an expectation. */
  get withinMs(): number {
    return this.#withinMs + this.delayMs;
  }

  /** The wait for something whose time no document specifies. */
  get patientMs(): number {
    return PATIENCE * this.#withinMs + this.delayMs;
  }

  /** Whether an incoming message may be a will of the case. */
  get hasWill(): boolean {
    return this.#hasWill;
  }

  /** Records that the case has left a will with the target. */
  leftWill(): void {
    this.#hasWill = true;
  }

  /** Records that from now on packets of the module are only observed; they take the time of the line. */
  watchModule(): void {
    this.#watchesModule = true;
  }

  /** Returns how long a pause of `ms` lasts: longer if it is for what a distant module may still send. */
  pauseMs(ms: number): number {
    return this.#watchesModule ? ms + this.delayMs : ms;
  }

  /** Records that the case has sent `bytes` bytes. */
  sent(bytes: number): void {
    this.#sentBytes += bytes;
  }

  /** Credits the time since this instant of `performance.now()`, in which the case got what it waited for. */
  gotSince(begun: number): void {
    this.#endsAt = Math.min(this.#latest, this.#endsAt + performance.now() - begun);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  /** Runs the single timer, which restarts if time was credited in the meantime. */
  #watch(): void {
    if (this.#endsAt === Infinity) return;
    const left = this.#endsAt - performance.now();
    if (left <= 0) this.#limit.abort();
    else this.#timer = setTimeout(() => this.#watch(), Math.ceil(left));
  }
}
