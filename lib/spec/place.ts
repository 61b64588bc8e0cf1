/** A place in a source file; line and column count from 1, columns in characters. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters are meant, at least 1, on that line. */
  readonly length: number;
}
