import { readCommand, type TypedCommand } from "../at/command.ts";
import { countsOf } from "../at/counts.ts";
import { commandSpec, type Dialect, PLAIN_DIALECT, resultSpec } from "../at/dialect.ts";
import { type LineEvent, LineReader } from "../at/line_reader.ts";
import { classify, type ParsedLine, parseResult } from "../at/result.ts";
import { type Transport, writeAll } from "../transport/transport.ts";
import type { DteArrival, EchoArrival, LineArrival, NoiseArrival, ResultArrival } from "./dte_arrival.ts";
import { Link } from "./link.ts";
import { Pace } from "./pace.ts";
import { PartedResult } from "./parted_result.ts";
import { PayloadLine, type ShorterReading, unframed } from "./payload_line.ts";

export type {
  DteArrival,
  EchoArrival,
  FinalArrival,
  LineArrival,
  NoiseArrival,
  OverflowArrival,
  PromptArrival,
  ResultArrival,
} from "./dte_arrival.ts";

/** Options of a {@link Dte}. */
export interface DteOptions {
  /** The module's command set; the default knows only V.250's final results. */
  readonly dialect?: Dialect | undefined;
  /** How many unread arrivals stop the session from reading; default 10,000. */
  readonly inboxLimit?: number | undefined;
  /**
   * Called for each arrival, echo and piece of noise as it comes in, before anyone takes it. If it returns
   * true, the arrival stays out of the inbox.
   */
  readonly onArrival?: ((arrival: DteArrival | EchoArrival | NoiseArrival) => boolean | void) | undefined;
}

const SUB = 0x1a;
const ESC = 0x1b;
const CR = 0x0d;
const LF = 0x0a;
const GREATER = 0x3e;
/** The placeholder in a dialect for the command's own name. */
const COMMAND = "command";
/** How many lines may tell why a command fails. */
const MOST_DETAILS = 8;
/** Milliseconds of silence that may pass before announced bytes, or lines, count as missing. */
const PATIENCE_MS = 400;
/** Characters that do not occur in a line of a module: control characters, and U+FFFD for bytes that are not UTF-8. */
// deno-lint-ignore no-control-regex
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f\ufffd]/;
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The host's side of a serial line to a module. What the module sends waits in an inbox, line by line and in
 * order, until it is taken; echoes are removed. The session owns the transport and closes it.
 */
export class Dte extends Link<DteArrival> {
  readonly #dialect: Dialect;
  readonly #reader: LineReader;
  readonly #onArrival: ((arrival: DteArrival | EchoArrival | NoiseArrival) => boolean | void) | undefined;
  // The commands without a final result, the oldest first, each with its number.
  #commands: { readonly command: TypedCommand; readonly number: number }[] = [];
  #typedCommands = 0;
  /** Lines that may explain why the command in progress fails. */
  #details: (ResultArrival | LineArrival)[] = [];
  #typing: number[] = [];
  #dataDue = false;
  /** The command in progress has prompted. */
  #prompted = false;
  /** A command that prompts has not prompted before its OK, and may do so after it. */
  #promptBehindOk = false;
  #echoing = false;
  readonly #pace = new Pace();
  // A line whose payload may continue on the next lines.
  #open: PayloadLine | undefined;
  // An incomplete result of several lines.
  #parted: PartedResult | undefined;
  /** Milliseconds of silence that may still pass while announced bytes are missing. */
  #countPatienceMs = PATIENCE_MS;
  #settling: ReturnType<typeof setTimeout> | undefined;

  constructor(transport: Transport, options: DteOptions = {}) {
    super(transport, options.inboxLimit);
    this.#dialect = options.dialect ?? PLAIN_DIALECT;
    this.#reader = new LineReader(this.#dialect.maximumLine, countsOf(this.#dialect));
    this.#onArrival = options.onArrival;
    this.begin(this.#read());
  }

  /** Whether the module has the error forms of `AT+CMEE`, as far as its dialect knows. */
  get hasErrorForms(): boolean {
    return this.#dialect.finals.some(({ text }) => text === "+CME ERROR");
  }

  /** The oldest command that has no final result yet. */
  get command(): TypedCommand | undefined {
    return this.#commands[0]?.command;
  }

  /** The number of commands sent so far. */
  get typed(): number {
    return this.#typedCommands;
  }

  /** Whether the module's echo is on, judged by the last command. */
  get echoing(): boolean {
    return this.#echoing;
  }

  /**
   * The total time in milliseconds that lines took to arrive, each from its first byte to its last. A wait
   * for a line should not count the time in which the module sends a long line slowly.
   */
  get busyMs(): number {
    return this.#pace.busyMs(performance.now());
  }

  /** Whether a line has started whose end has not been seen yet, either by its CR and LF or by silence. */
  get inLine(): boolean {
    return this.#open !== undefined || this.#parted !== undefined || this.#reader.inLine;
  }

  /**
   * Sends bytes unchanged: a command line, a part of one, or the data for a prompt. Throws what the transport
   * throws.
   */
  async send(bytes: Uint8Array): Promise<void> {
    this.#expect(bytes);
    await writeAll(this.transport, bytes);
  }

  /**
   * Restarts the session on the same line: forgets unanswered commands and their echoes, and returns the
   * arrivals that were still in the inbox.
   */
  restart(): DteArrival[] {
    this.#commands = [];
    this.#typing = [];
    this.#dataDue = false;
    this.#parted = undefined;
    this.#details = [];
    this.#reader.endCount();
    this.#reader.forgetEcho(this.#typedCommands);
    return this.inbox.clear();
  }

  #expect(bytes: Uint8Array): void {
    if (this.#dataDue) {
      // Data can look like a response, so expect its echo only if the command itself was echoed.
      if (this.#echoing) this.#reader.expectEcho(bytes, this.#typedCommands);
      const end = bytes.findIndex((byte) => byte === SUB || byte === ESC);
      // If the command is answered already, nothing else ends the data entry.
      if (end >= 0 || this.#commands.length === 0) this.#dataDue = false;
      return;
    }
    for (const byte of bytes) {
      if (this.#typing.length < 4096) this.#typing.push(byte);
      if (byte !== CR) continue;
      const command = readCommand(Uint8Array.from(this.#typing));
      this.#typing = [];
      if (!command) continue;
      this.#typedCommands++;
      this.#echoing = false;
      if (this.#commands.length < 256) this.#commands.push({ command, number: this.#typedCommands });
    }
    // A part of a command line has the number that the command will have.
    this.#reader.expectEcho(bytes, this.#typedCommands + (this.#typing.length > 0 ? 1 : 0));
  }

  #put(arrival: DteArrival): void {
    if (arrival.kind === "closed") this.noteClose(arrival);
    if (this.#onArrival?.(arrival) !== true) this.inbox.put(arrival);
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(4096);
    try {
      for (;;) {
        const size = await this.transport.read(buffer);
        clearTimeout(this.#settling);
        this.#countPatienceMs = PATIENCE_MS;
        if (size === null) return this.#end("end");
        for (const event of this.#reader.push(buffer.subarray(0, size))) this.#handle(event);
        this.#pace.came(performance.now(), this.#reader.inLine);
        this.#settleLater();
        await this.readOn();
      }
    } catch {
      this.#end(this.closedHere ? "end" : "reset");
    } finally {
      clearTimeout(this.#settling);
    }
  }

  #end(how: "end" | "reset"): void {
    for (const event of this.#reader.end()) this.#handle(event);
    this.#release();
    this.#giveUpParts();
    this.#explained(true);
    this.#put({ kind: "closed", how });
  }

  /** Checks the line again after silence, if only silence can show that a line has ended. */
  #settleLater(): void {
    if (!this.#open && !this.#parted && !this.#reader.unfinished) return;
    const silentMs = this.#pace.settleMs(this.#dialect.settleMs);
    this.#settling = setTimeout(() => this.#settle(silentMs), silentMs);
  }

  #settle(silentMs: number): void {
    for (const event of this.#reader.settle(this.#promptDue)) this.#handle(event);
    this.#settleCounted(silentMs);
    if (!this.#reader.inLine) this.#pace.ended();
    const open = this.#open;
    if (!open) return;
    // Line breaks without text start the next response, which may pause there, or end the payload.
    open.patienceMs -= silentMs;
    const isUnfinished = this.#reader.unfinished || open.isQuoteOpen;
    if (isUnfinished && open.patienceMs >= 0) return this.#settleLater();
    const blank = this.#reader.takeBlank();
    if (blank.length > 0) open.addBlank(blank);
    this.#release();
  }

  /** Stops waiting for announced bytes, and for the rest of a result of several lines, after a silence. */
  #settleCounted(silentMs: number): void {
    if (this.#reader.counting) {
      this.#countPatienceMs -= silentMs;
      if (this.#countPatienceMs >= 0) return this.#settleLater();
      for (const event of this.#reader.endCount()) this.#handle(event);
    }
    if (!this.#parted) return;
    this.#parted.patienceMs -= silentMs;
    if (this.#parted.patienceMs >= 0) this.#settleLater();
    else this.#giveUpParts();
  }

  #giveUpParts(): void {
    const parted = this.#parted;
    this.#parted = undefined;
    if (parted) this.#give(parted.cut, parted.raw);
  }

  /** Whether a prompt without a trailing space may come next, which looks like the start of a line. */
  get #promptDue(): boolean {
    const { command } = this;
    if (!this.#dialect.barePrompts || this.#dataDue) return false;
    if (!command) return this.#promptBehindOk;
    if (command.form !== "write") return false;
    return commandSpec(this.#dialect, command.name)?.prompts === true;
  }

  #handle(event: LineEvent): void {
    if (this.#open && this.#goesOn(this.#open, event)) return;
    this.#release();
    const raw = event.raw;
    switch (event.kind) {
      case "line":
        return this.#promptDue && isBarePrompt(event.bytes) ? this.#prompt(raw) : this.#line(event);
      case "prompt":
        return this.#prompt(raw);
      case "echo":
        if (event.complete) this.#echoing = true;
        this.#onArrival?.({ kind: "echo", raw, text: DECODER.decode(raw), complete: event.complete });
        return;
      case "overflow":
        return this.#put({ kind: "overflow", raw, text: DECODER.decode(raw) });
    }
  }

  #prompt(raw: Uint8Array): void {
    this.#dataDue = true;
    this.#prompted = this.command !== undefined;
    this.#promptBehindOk = false;
    this.#reader.forgetEcho(this.#commands[0]?.number ?? 0);
    this.#put({ kind: "prompt", raw, text: ">" });
  }

  #line(event: LineEvent & { readonly kind: "line" }): void {
    const parsed = parseResult(event.bytes, this.#dialect);
    if (this.#parted && this.#takesPart(this.#parted, parsed, event)) return;
    const spec = parsed.kind === "result" ? resultSpec(this.#dialect, parsed.prefix) : undefined;
    if (parsed.kind === "result" && spec?.parts) {
      this.#parted = new PartedResult(parsed, event.raw, spec, spec.parts, PATIENCE_MS);
      return;
    }
    if (spec?.fields.at(-1)?.raw && spec.counts === undefined) {
      this.#open = new PayloadLine(event.raw, this.#dialect);
      return;
    }
    // Information without a prefix is printable; only a payload may contain anything.
    if (parsed.kind === "line" && UNPRINTABLE.test(parsed.text)) {
      this.#onArrival?.({ kind: "noise", raw: event.raw, text: parsed.text });
      return;
    }
    this.#give(parsed, event.raw);
  }

  /** Whether a line is part of the result that is coming in. */
  #takesPart(
    parted: PartedResult,
    parsed: ParsedLine,
    event: LineEvent & { readonly kind: "line" },
  ): boolean {
    switch (parted.take(parsed, event.block, event.raw)) {
      case "more":
        return true;
      case "whole":
        this.#parted = undefined;
        this.#give(parted.result, parted.raw);
        return true;
      case "other":
        this.#giveUpParts();
        return false;
    }
  }

  #give(parsed: ParsedLine, raw: Uint8Array, shorter?: readonly ShorterReading[]): void {
    const role = classify(parsed, this.#dialect, this.command);
    switch (parsed.kind) {
      case "final": {
        this.#explained(parsed.ok);
        const done = this.#commands.shift();
        this.#promptBehindOk = parsed.ok && !this.#prompted && done !== undefined &&
          commandSpec(this.#dialect, done.command.name)?.prompts === true;
        this.#prompted = false;
        this.#dataDue = false;
        if (done) this.#reader.forgetEcho(done.number);
        return this.#put({ ...parsed, raw, ends: done?.number });
      }
      case "result":
        return this.#putOrHold({ ...parsed, raw, role, shorter });
      case "line":
        return this.#putOrHold({ ...parsed, raw, role });
    }
  }

  /** Holds back a line that explains why a command fails, if it is one. */
  #putOrHold(arrival: ResultArrival | LineArrival): void {
    const { command } = this;
    const begins = this.#dialect.errorDetails?.map((begin) =>
      begin === COMMAND ? `${command?.name}:` : begin
    );
    const isDetail = command && this.#details.length < MOST_DETAILS &&
      begins?.some((begin) => arrival.text.startsWith(begin));
    if (isDetail) this.#details.push(arrival);
    else this.#put(arrival);
  }

  /** Passes on the lines that were held back, unless they belong to an error. */
  #explained(ok: boolean): void {
    for (const detail of this.#details.splice(0)) {
      if (ok) this.#put(detail);
      else this.#onArrival?.({ kind: "noise", raw: detail.raw, text: detail.text });
    }
  }

  /** Whether the event continues the open payload: it has no line break before it, or it is not a response. */
  #goesOn(open: PayloadLine, event: LineEvent): boolean {
    if (event.kind === "echo" || event.kind === "overflow") return false;
    if (open.size + event.raw.length > this.#dialect.maximumLine) return false;
    // Noise before a response; the line break that ends the noise frames the response.
    if (this.command && event.kind === "line" && isJunk(event.bytes)) return false;
    const framed = event.raw[0] === CR || event.raw[0] === LF;
    if (!framed) {
      open.add(event.raw);
      return true;
    }
    if (this.command || event.kind === "prompt" || open.isOver) return false;
    const parsed = parseResult(event.bytes, this.#dialect);
    if (parsed.kind === "final") return false;
    if (parsed.kind === "result" && resultSpec(this.#dialect, parsed.prefix)) return false;
    open.add(event.raw, parsed.kind === "result" ? parsed : undefined);
    return true;
  }

  #release(): void {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    const { raw, shorter } = open;
    this.#give(parseResult(unframed(raw), this.#dialect), raw, shorter.length > 0 ? shorter : undefined);
  }
}

/** Whether the bytes contain nothing readable and so are noise rather than the rest of a payload. */
function isJunk(bytes: Uint8Array): boolean {
  return !bytes.some((byte) => byte >= 0x20 && byte < 0x7f) && UNPRINTABLE.test(DECODER.decode(bytes));
}

/** Whether a line is a prompt followed directly by the line end of a report instead of a space. */
function isBarePrompt(bytes: Uint8Array): boolean {
  return bytes.length === 1 && bytes[0] === GREATER;
}
