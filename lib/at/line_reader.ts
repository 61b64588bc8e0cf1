/**
 * Splits the bytes from a module into lines, prompts and echoes. A response or URC is CR LF, text, CR LF
 * (V.250, 5.7.1). The echo repeats the sent bytes exactly, and a URC may interrupt it.
 */

import { concat } from "../ground/bytes.ts";

const CR = 0x0d;
const LF = 0x0a;
const COMMA = 0x2c;
const GREATER = 0x3e;
const SPACE = 0x20;

/**
 * A piece of the received stream. The `raw` bytes of all pieces form the stream, except for bytes dropped by
 * an overflow.
 */
export type LineEvent =
  /** A non-empty line; `bytes` excludes its framing. `cut` means that the stream ended within it. */
  | {
    readonly kind: "line";
    readonly bytes: Uint8Array;
    readonly raw: Uint8Array;
    readonly ended: "crlf" | "cr" | "lf" | "cut";
    /**
     * The bytes that the line announced and that follow it, or as many of them as arrived before the stream fell
     * silent.
     */
    readonly block?: Uint8Array | undefined;
  }
  /** `> ` at the start of a line: the module waits for data. */
  | { readonly kind: "prompt"; readonly raw: Uint8Array }
  /** An echo of sent bytes. `complete` is false if something else interrupted it. */
  | { readonly kind: "echo"; readonly raw: Uint8Array; readonly complete: boolean }
  /** The start of a line over the length limit; the rest of the line is dropped. */
  | { readonly kind: "overflow"; readonly raw: Uint8Array };

type Mode = "start" | "greater" | "text" | "counted" | "cr" | "block" | "dropping" | "dropping-cr";

/** How many bytes follow what was read, whatever they are; undefined if it does not say. */
export interface Counts {
  /** In the same line, which is read up to a comma. */
  readonly within: (text: Uint8Array) => number | undefined;
  /** After the line. */
  readonly behind: (text: Uint8Array) => number | undefined;
}

const UNCOUNTED: Counts = { within: () => undefined, behind: () => undefined };

/** An incremental reader: the events do not depend on how the bytes are split. */
export class LineReader {
  readonly #limit: number;
  readonly #counts: Counts;
  /** How many counted bytes are still missing. */
  #due = 0;
  /** The line whose counted bytes are arriving. */
  #announced: (LineEvent & { readonly kind: "line" }) | undefined;
  /** A line was emitted without its LF, which may still come. */
  #lineFeedDue = false;
  #raw: number[] = [];
  #textFrom = 0;
  #mode: Mode = "start";
  #echoes: { readonly typed: Uint8Array; readonly tag: number }[] = [];
  // For the first echo: the number of bytes already emitted, and the number of further bytes at the end of
  // #raw.
  #echoDone = 0;
  #echoHeld = 0;
  /** A prompt was emitted without its space, which may still come. */
  #spaceDue = false;
  #events: LineEvent[] = [];

  /** `limit` bounds a line with its framing, in bytes; default 16,384. `counts` tells which lines announce bytes. */
  constructor(limit = 16_384, counts = UNCOUNTED) {
    this.#limit = limit;
    this.#counts = counts;
  }

  /**
   * Registers sent bytes, after those registered before, so that their echo is not read as a response. `tag`
   * is any number, for {@link forgetEcho}. Ignores input that would leave more than 64 KiB of outstanding
   * echoes.
   */
  expectEcho(typed: Uint8Array, tag = 0): void {
    if (typed.length === 0 || this.echoDue + typed.length > 65_536) return;
    this.#echoes.push({ typed: typed.slice(), tag });
  }

  /** Stops expecting echoes with a tag up to this one, because a response came instead. */
  forgetEcho(tag = 0): void {
    const [first] = this.#echoes;
    if (!first || first.tag > tag) return;
    this.#letGoOfEcho();
    this.#echoes = this.#echoes.filter((echo) => echo.tag > tag);
    this.#echoDone = 0;
  }

  /** The number of outstanding echo bytes. */
  get echoDue(): number {
    return this.#echoes.reduce((sum, echo) => sum + echo.typed.length, 0) - this.#echoDone;
  }

  /** Whether an unfinished line is buffered. */
  get unfinished(): boolean {
    return this.#mode !== "start" || this.#raw.length > 0;
  }

  /** Whether the unfinished line contains more than line ends: text, or part of an echo. */
  get inLine(): boolean {
    return this.#mode !== "start" || this.#echoHeld > 0;
  }

  /** Accepts received bytes and returns the events that they complete. */
  push(bytes: Uint8Array): LineEvent[] {
    for (const byte of bytes) this.#take(byte);
    return this.#given();
  }

  /**
   * Emits a line that ended with CR alone after the line was silent for a while, since no LF will follow. If
   * `promptDue`, also emits a `>` without its space as a prompt.
   */
  settle(promptDue = false): LineEvent[] {
    if (this.#mode === "cr") {
      this.#giveLine("cr");
      this.#lineFeedDue = true;
    }
    if (this.#mode === "greater" && promptDue) {
      this.#givePrompt();
      this.#spaceDue = true;
    }
    return this.#given();
  }

  /** Whether announced bytes are still missing. */
  get counting(): boolean {
    return this.#mode === "counted" || this.#mode === "block";
  }

  /** Stops waiting for announced bytes, and returns those that came. */
  endCount(): LineEvent[] {
    if (this.#mode === "block") this.#giveBlock();
    if (this.#mode === "counted") this.#mode = "text";
    return this.#given();
  }

  /** Takes the CRs and LFs that came after the last event, if nothing else did; empty otherwise. */
  takeBlank(): Uint8Array {
    if (this.#mode !== "start" || this.#echoHeld > 0) return new Uint8Array();
    return this.#takeRaw();
  }

  /** Ends the stream and emits the unfinished line. */
  end(): LineEvent[] {
    this.#letGoOfEcho();
    if (this.#mode === "cr") this.#giveLine("cr");
    if (this.#mode === "block") this.#giveBlock();
    if (this.#mode === "text" || this.#mode === "greater" || this.#mode === "counted") this.#giveLine("cut");
    return this.#given();
  }

  #given(): LineEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #take(byte: number): void {
    const isLateEnd = this.#lineFeedDue && byte === LF;
    this.#lineFeedDue = false;
    // The end of the line, not the first of the bytes that it announced.
    if (isLateEnd && this.#mode === "block") return;
    switch (this.#mode) {
      case "start":
        return this.#takeAtStart(byte);
      case "greater":
        if (byte !== SPACE) {
          this.#mode = "text";
          return this.#takeInText(byte);
        }
        this.#raw.push(byte);
        return this.#givePrompt();
      case "text":
        return this.#takeInText(byte);
      case "counted":
        this.#raw.push(byte);
        if (--this.#due === 0) this.#mode = "text";
        return;
      case "block":
        this.#raw.push(byte);
        if (--this.#due === 0) this.#giveBlock();
        return;
      case "cr":
        if (byte !== LF) {
          this.#giveLine("cr");
          return this.#takeAtStart(byte);
        }
        this.#raw.push(byte);
        return this.#giveLine("crlf");
      case "dropping":
        if (byte === CR) this.#mode = "dropping-cr";
        else if (byte === LF) this.#mode = "start";
        return;
      case "dropping-cr":
        this.#mode = "start";
        if (byte !== LF) this.#takeAtStart(byte);
        return;
    }
  }

  #takeAtStart(byte: number): void {
    const isLate = this.#spaceDue && byte === SPACE;
    this.#spaceDue = false;
    // Keep it before the following bytes, as with a line end.
    if (isLate) return void this.#raw.push(byte);
    const echo = this.#echoes[0]?.typed;
    if (echo && byte === echo[this.#echoDone + this.#echoHeld]) {
      this.#echoHeld++;
      this.#raw.push(byte);
      if (this.#echoDone + this.#echoHeld === echo.length) this.#giveEcho(this.#raw.length);
      return;
    }
    if (this.#echoHeld > 0) {
      this.#leaveEcho(byte);
      return this.#take(byte);
    }
    this.#raw.push(byte);
    if (byte === CR || byte === LF) return this.#checkLimit();
    this.#textFrom = this.#raw.length - 1;
    this.#mode = byte === GREATER ? "greater" : "text";
  }

  #takeInText(byte: number): void {
    this.#raw.push(byte);
    if (byte === LF) return this.#giveLine("lf");
    if (byte === CR) this.#mode = "cr";
    else if (byte === COMMA) this.#countWithin();
    else this.#checkLimit();
  }

  /** Reads the number of bytes that the text so far announces, unchanged. */
  #countWithin(): void {
    this.#checkLimit();
    if (this.#mode !== "text") return;
    const due = this.#counts.within(Uint8Array.from(this.#raw.slice(this.#textFrom)));
    if (due === undefined || due === 0 || this.#raw.length + due > this.#limit) return;
    this.#due = due;
    this.#mode = "counted";
  }

  #giveBlock(): void {
    const line = this.#announced;
    this.#announced = undefined;
    this.#mode = "start";
    if (!line) return;
    const block = this.#takeRaw();
    this.#events.push({ ...line, raw: concat([line.raw, block]), block });
  }

  /**
   * Handles a `byte` that does not continue the echo: either a line interrupts the echo here, or the echo was
   * in fact a line.
   */
  #leaveEcho(byte: number): void {
    if (byte === CR || byte === LF) return this.#giveEcho(this.#raw.length);
    this.#letGoOfEcho();
  }

  /** Reclassifies the end of a supposed echo, from its last line break on, as the start of a line. */
  #letGoOfEcho(): void {
    if (this.#echoHeld === 0) return;
    const from = this.#raw.length - this.#echoHeld;
    let text = this.#raw.length;
    while (text > from && !isBreak(this.#raw[text - 1])) text--;
    let frame = text;
    while (frame > from && isBreak(this.#raw[frame - 1])) frame--;
    if (frame > from) {
      this.#echoHeld = frame - from;
      text -= frame;
      this.#giveEcho(frame);
    }
    this.#echoHeld = 0;
    if (text === this.#raw.length) return;
    this.#textFrom = text;
    this.#mode = "text";
  }

  /** Emits the first `size` bytes of #raw as an echo. */
  #giveEcho(size: number): void {
    this.#echoDone += this.#echoHeld;
    this.#echoHeld = 0;
    const rest = this.#raw.splice(size);
    const complete = this.#echoDone === this.#echoes[0]?.typed.length;
    this.#events.push({ kind: "echo", raw: this.#takeRaw(), complete });
    this.#raw = rest;
    if (!complete) return;
    this.#echoes.shift();
    this.#echoDone = 0;
  }

  #givePrompt(): void {
    this.#mode = "start";
    this.#events.push({ kind: "prompt", raw: this.#takeRaw() });
  }

  #giveLine(ended: "crlf" | "cr" | "lf" | "cut"): void {
    const framing = { crlf: 2, cr: 1, lf: 1, cut: 0 }[ended];
    const raw = this.#takeRaw();
    const bytes = raw.subarray(this.#textFrom, raw.length - framing);
    const line = { kind: "line", bytes, raw, ended } as const;
    this.#mode = "start";
    const due = ended === "cut" ? undefined : this.#counts.behind(bytes);
    if (due === undefined || raw.length + due > this.#limit) {
      this.#events.push(line);
      return;
    }
    this.#announced = line;
    this.#due = due;
    this.#mode = "block";
    if (due === 0) this.#giveBlock();
  }

  #checkLimit(): void {
    if (this.#raw.length < this.#limit) return;
    // A run of blank lines needs no drop, because no line has started.
    this.#mode = this.#mode === "start" ? "start" : "dropping";
    this.#events.push({ kind: "overflow", raw: this.#takeRaw() });
  }

  #takeRaw(): Uint8Array {
    const raw = Uint8Array.from(this.#raw);
    this.#raw = [];
    return raw;
  }
}

function isBreak(byte: number | undefined): boolean {
  return byte === CR || byte === LF;
}
