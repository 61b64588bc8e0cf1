/** What a case's time is made of; all in milliseconds. */
export interface CaseTimeOptions {
  /** How long the case may take. What it gets in time does not count, within reason. */
  readonly limitMs: number;
  /** How long an expectation waits where the step says nothing, on a line that takes no time. */
  readonly withinMs: number;
  /** How long a packet and its answer take on the line. */
  readonly roundTripMs?: number | undefined;
  /** How long the line takes for one more byte. */
  readonly msPerByte?: number | undefined;
}

/** So many times its limit a case takes at most, however much of it comes in time. */
const MOST_LIMITS = 10;
/** A byte goes to the target, and from it to another client. */
const WAYS = 2;
/** So many times longer than an answer that may take for which no document names a time: a close, and a will. */
const PATIENCE = 2;

/**
 * The time of one case: how long it waits for what, and when its limit ends it. A wait grows with the round trip and with what
 * the case has sent over a line that is slow. The limit counts what the case spends on what does not come; the time in which
 * an answer came is given back, so that hundred answers of a slow target are no hundredfold fault.
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

  /** Ends with the limit. */
  get signal(): AbortSignal {
    return this.#limit.signal;
  }

  /** The instant of `performance.now()` at which the limit ends the case, as things are. */
  get endsAt(): number {
    return this.#endsAt;
  }

  /** What the line adds to every wait, by now. */
  get delayMs(): number {
    return this.#roundTripMs + Math.ceil(WAYS * this.#sentBytes * this.#msPerByte);
  }

  /** How long an expectation waits that names no time. */
  get withinMs(): number {
    return this.#withinMs + this.delayMs;
  }

  /** How long a step waits for something for which no document names a time. */
  get patientMs(): number {
    return PATIENCE * this.#withinMs + this.delayMs;
  }

  /** Whether a message that comes may be a will of the case. */
  get hasWill(): boolean {
    return this.#hasWill;
  }

  /** The case has left a will with the target. */
  leftWill(): void {
    this.#hasWill = true;
  }

  /** What a module sends is let come from now on, and only looked at; what comes takes the way from it. */
  watchModule(): void {
    this.#watchesModule = true;
  }

  /** How long a step lets so much time pass: longer where it is for what a distant module may still send. */
  pauseMs(ms: number): number {
    return this.#watchesModule ? ms + this.delayMs : ms;
  }

  /** The case has sent so many bytes. */
  sent(bytes: number): void {
    this.#sentBytes += bytes;
  }

  /** Gives back the time that the case has spent on something since this instant of `performance.now()`, and got. */
  gotSince(begun: number): void {
    this.#endsAt = Math.min(this.#latest, this.#endsAt + performance.now() - begun);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  /** One timer, which looks again where time was given back meanwhile. */
  #watch(): void {
    if (this.#endsAt === Infinity) return;
    const left = this.#endsAt - performance.now();
    if (left <= 0) this.#limit.abort();
    else this.#timer = setTimeout(() => this.#watch(), Math.ceil(left));
  }
}
