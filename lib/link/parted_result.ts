import type { ResultParts, ResultSpec } from "../at/dialect.ts";
import type { ParsedLine, ResultArg } from "../at/result.ts";
import { concat } from "../ground/bytes.ts";

type Result = Extract<ParsedLine, { readonly kind: "result" }>;

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

/** A result of several lines while it arrives, such as a message in a line for its topic and lines for its payload. */
export class PartedResult {
  readonly #spec: ResultSpec;
  readonly #parts: ResultParts;
  readonly #first: Result;
  readonly #raw: Uint8Array[];
  readonly #texts: Uint8Array[][];
  /** Milliseconds of silence that may still pass within it. */
  patienceMs: number;

  constructor(first: Result, raw: Uint8Array, spec: ResultSpec, parts: ResultParts, patienceMs: number) {
    this.#first = first;
    this.#raw = [raw];
    this.#spec = spec;
    this.#parts = parts;
    this.#texts = parts.texts.map(() => []);
    this.patienceMs = patienceMs;
  }

  /**
   * Takes the next line: returns `more` if others follow, `whole` if it was the last, `other` if it is not part of the
   * result.
   */
  take(line: ParsedLine, block: Uint8Array | undefined, raw: Uint8Array): "more" | "whole" | "other" {
    if (line.kind !== "result" || line.args[0]?.text !== this.#first.args[0]?.text) return "other";
    const at = this.#parts.texts.findIndex(({ prefix }) => prefix === line.prefix);
    if (at < 0 && line.prefix !== this.#parts.end) return "other";
    this.#raw.push(raw);
    if (at < 0) return "whole";
    this.#texts[at]?.push(block ?? new Uint8Array());
    return "more";
  }

  /** All its bytes. */
  get raw(): Uint8Array {
    return concat(this.#raw);
  }

  /**
   * The result with its texts after the fields of its first line; without texts whose length differs from what that
   * line says.
   */
  get result(): Result {
    const texts = this.#texts.map((pieces) => concat(pieces));
    const right = this.#parts.texts.every(({ length }, at) => {
      const field = this.#spec.fields.findIndex(({ name }) => name === length);
      return this.#first.args[field]?.value === texts[at]?.length;
    });
    const text = DECODER.decode(this.raw).trim();
    if (!right) return { ...this.#first, text };
    const args = texts.map((bytes): ResultArg => ({ kind: "raw", bytes, text: DECODER.decode(bytes) }));
    return { ...this.#first, args: [...this.#first.args, ...args], text };
  }

  /** The result if its end never came: its first line. */
  get cut(): Result {
    return { ...this.#first, text: DECODER.decode(this.raw).trim() };
  }
}
