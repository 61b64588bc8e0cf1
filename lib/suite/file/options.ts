import type { Problem } from "../../spec/problem.ts";
import type { Opening } from "./opening.ts";

/** The options for reading a suite file. */
export interface LoadOptions {
  /**
   * The `openings.yaml` of the same folder: its text, or the result of loading it once for all suites of the
   * folder.
   */
  readonly openings?: { readonly text: string; readonly file: string } | SharedOpenings | undefined;
  /** Whether a protocol (`3.1`, `3.1.1`, `5.0`, `ECMT`) has a clause; without it clauses are not checked. */
  readonly clauses?: (protocol: string, id: string) => boolean;
  /** All clauses of a protocol, for hints. */
  readonly clauseIds?: (protocol: string) => readonly string[];
}

/** The openings that the suites of a folder share, and the mistakes in their file. */
export interface SharedOpenings {
  readonly openings: ReadonlyMap<string, Opening>;
  readonly problems: readonly Problem[];
}
