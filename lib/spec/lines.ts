import type { Place } from "./place.ts";

/** Finds lines and columns in a text in logarithmic time each, because a file may be one long line. */
export class Lines {
  readonly #starts: number[] = [0];
  /** The offsets of characters with two UTF-16 units. */
  readonly #wide: number[] = [];

  constructor(readonly text: string, readonly file: string) {
    for (const match of text.matchAll(/\r\n|\r|\n/g)) this.#starts.push(match.index + match[0].length);
    for (const match of text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)) this.#wide.push(match.index);
  }

  /** The place of the text between two offsets, cut at the end of the first line. */
  place(start: number, end: number): Place {
    const line = countUpTo(this.#starts, start);
    const lineStart = this.#starts[line - 1] ?? 0;
    const meantEnd = Math.min(end, this.#starts[line] ?? this.text.length);
    const meant = this.text.slice(start, meantEnd).trimEnd();
    return {
      file: this.file,
      line,
      column: this.#characters(lineStart, start) + 1,
      length: Math.max(1, this.#characters(start, start + meant.length)),
    };
  }

  #characters(start: number, end: number): number {
    return end - start - (countUpTo(this.#wide, end - 1) - countUpTo(this.#wide, start - 1));
  }
}

/** Counts the numbers of an ascending list that are at most `limit`. */
function countUpTo(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
