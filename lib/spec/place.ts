/** A place in a source file. Line and column count from 1; columns count characters. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The number of characters to mark on that line, at least 1. */
  readonly length: number;
}
