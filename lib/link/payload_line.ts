import { parseResult, type ResultArg } from "../at/result.ts";
import type { Dialect } from "../at/dialect.ts";
import { concat } from "../ground/bytes.ts";

const CR = 0x0d;
const LF = 0x0a;
/** Behind so many reports a payload does not go on. */
const MOST_REPORTS = 8;
/**
 * Milliseconds of silence that may pass behind it while something unfinished stands there: line ends belong to the next line,
 * which may pause there, far more often than to a payload.
 */
const PATIENCE_MS = 400;
const QUOTE = '"';

/** A line with a payload, read as a shorter one with reports of other parts of the module behind it. */
export interface ShorterReading {
  readonly raw: Uint8Array;
  readonly text: string;
  readonly args: readonly ResultArg[];
  /** What stands behind it, each a line by its form. */
  readonly reports: readonly { readonly prefix: string; readonly text: string }[];
}

/**
 * A line whose payload has no length, so that it may go on over the next lines. What looks like reports of other parts of
 * the module at its end may belong to it or not, which only the one who knows the payload can tell.
 */
export class PayloadLine {
  readonly #parts: Uint8Array[];
  readonly #dialect: Dialect;
  #size: number;
  /** The reports at the end, and where each may begin: line ends in front of it may be the payload's own. */
  #reports: { readonly at: readonly number[]; readonly prefix: string; readonly text: string }[] = [];
  /** Milliseconds of silence that still may pass while something unfinished stands in it or behind it. */
  patienceMs = PATIENCE_MS;

  constructor(raw: Uint8Array, dialect: Dialect) {
    this.#parts = [raw];
    this.#size = raw.length;
    this.#dialect = dialect;
  }

  /** How many bytes it has. */
  get size(): number {
    return this.#size;
  }

  /** Whether so many reports stand at its end that no more of it comes. */
  get isOver(): boolean {
    return this.#reports.length >= MOST_REPORTS;
  }

  /** Whether its payload begins with a quote that is not closed. */
  get isQuoteOpen(): boolean {
    const parsed = parseResult(unframed(this.raw), this.#dialect);
    const payload = parsed.kind === "result" ? parsed.args.at(-1) : undefined;
    return payload?.text.startsWith(QUOTE) === true && payload.unquoted === undefined;
  }

  /** Adds what stands behind it; `report` is its text where it has the form of a report that is not of the dialect. */
  add(raw: Uint8Array, report?: { readonly prefix: string; readonly text: string }): void {
    if (report) {
      const at = [...new Set([0, Math.max(0, leading(raw) - 2)])].map((begin) => this.#size + begin);
      this.#reports.push({ at, prefix: report.prefix, text: report.text });
    } else this.#reports = [];
    this.#parts.push(raw);
    this.#size += raw.length;
  }

  /** Adds line ends without text, which end the payload. */
  addBlank(raw: Uint8Array): void {
    this.#parts.push(raw);
    this.#size += raw.length;
  }

  /** All of it, with its framing. */
  get raw(): Uint8Array {
    return concat(this.#parts);
  }

  /** What it may be besides, the shortest first. */
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

/** A response without the line breaks in front and the one behind it. */
export function unframed(raw: Uint8Array): Uint8Array {
  const from = leading(raw);
  let end = raw.length;
  if (end > from && raw[end - 1] === LF) end--;
  if (end > from && raw[end - 1] === CR) end--;
  return raw.subarray(from, end);
}

/** How many line breaks stand in front. */
function leading(raw: Uint8Array): number {
  const text = raw.findIndex((byte) => byte !== CR && byte !== LF);
  return text < 0 ? raw.length : text;
}
