/** What a suite file is read with. */
export interface LoadOptions {
  /** The `openings.yaml` of the same folder. */
  readonly openings?: { readonly text: string; readonly file: string };
  /** Whether a protocol (`3.1`, `3.1.1`, `5.0`, `ECMT`) has a clause; without it clauses are not checked. */
  readonly clauses?: (protocol: string, id: string) => boolean;
  /** All clauses of a protocol, for hints. */
  readonly clauseIds?: (protocol: string) => readonly string[];
}
