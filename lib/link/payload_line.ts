import { parseResult, type ResultArg } from "../at/result.ts";
import type { Dialect } from "../at/dialect.ts";
import { concat } from "../ground/bytes.ts";

const CR = 0x0d;
const LF = 0x0a;
/** The number of reports after which a payload does not continue. */
const MOST_REPORTS = 8;
/**
 * How much silence in milliseconds is allowed after an unfinished part. Line ends there belong to the next
 * line, which may pause, far more often than to the payload.
 */
const PATIENCE_MS = 400;
const QUOTE = '"';

/** A reading of a line as a shorter payload followed by reports from other parts of the module. */
export interface ShorterReading {
  readonly raw: Uint8Array;
  readonly text: string;
  readonly args: readonly ResultArg[];
  /** The reports after it, each as a parsed line. */
  readonly reports: readonly { readonly prefix: string; readonly text: string }[];
}

/**
 * A line whose payload has no length, so it may continue on the next lines. Apparent reports from other parts
 * of the module at its end may or may not belong to it, which only a caller that knows the payload can
 * decide.
 */
export class PayloadLine {
  readonly #parts: Uint8Array[];
  readonly #dialect: Dialect;
  #size: number;
  /** The reports at the end, and where each may start: line ends before it may belong to the payload. */
  #reports: { readonly at: readonly number[]; readonly prefix: string; readonly text: string }[] = [];
  /** The remaining silence in milliseconds that is allowed after an unfinished part. */
  patienceMs = PATIENCE_MS;

  constructor(raw: Uint8Array, dialect: Dialect) {
    this.#parts = [raw];
    this.#size = raw.length;
    this.#dialect = dialect;
  }

  /** Its size in bytes. */
  get size(): number {
    return this.#size;
  }

  /** Whether there are so many reports at its end that the payload is complete. */
  get isOver(): boolean {
    return this.#reports.length >= MOST_REPORTS;
  }

  /** Whether its payload starts with a quote that is not closed. */
  get isQuoteOpen(): boolean {
    const parsed = parseResult(unframed(this.raw), this.#dialect);
    const payload = parsed.kind === "result" ? parsed.args.at(-1) : undefined;
    return payload?.text.startsWith(QUOTE) === true && payload.unquoted === undefined;
  }

  /**
   * Appends what follows; `report` is its text if it has the form of a report that the dialect does not
   * define.
   */
  add(raw: Uint8Array, report?: { readonly prefix: string; readonly text: string }): void {
    if (report) {
      const at = [...new Set([0, Math.max(0, leading(raw) - 2)])].map((begin) => this.#size + begin);
      this.#reports.push({ at, prefix: report.prefix, text: report.text });
    } else this.#reports = [];
    this.#parts.push(raw);
    this.#size += raw.length;
  }

  /** Appends line ends without text, which end the payload. */
  addBlank(raw: Uint8Array): void {
    this.#parts.push(raw);
    this.#size += raw.length;
  }

  /** The whole line with its framing. */
  get raw(): Uint8Array {
    return concat(this.#parts);
  }

  /** The other possible readings, the shortest first. */
  get shorter(): readonly ShorterReading[] {
    if (this.#reports.length === 0) return [];
    const raw = this.raw;
    return this.#reports.flatMap(({ at }, index) => {
      const reports = this.#reports.slice(index).map(({ prefix, text }) => ({ prefix, text }));
      return at.flatMap((end) => {
        const part = raw.subarray(0, end);
        const parsed = parseResult(unframed(part), this.#dialect);
        return parsed.kind === "result" ? [{ raw: part, text: parsed.text, args: parsed.args, reports }] : [];
      });
    });
  }
}

/** Removes the line breaks before a response and the one after it. */
export function unframed(raw: Uint8Array): Uint8Array {
  const from = leading(raw);
  let end = raw.length;
  if (end > from && raw[end - 1] === LF) end--;
  if (end > from && raw[end - 1] === CR) end--;
  return raw.subarray(from, end);
}

/** Counts the line breaks at the start. */
function leading(raw: Uint8Array): number {
  const text = raw.findIndex((byte) => byte !== CR && byte !== LF);
  return text < 0 ? raw.length : text;
}
