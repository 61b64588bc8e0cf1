/** The rows of the ECMT command manual that a suite can cover. */
import rows from "./clauses.json" with { type: "json" };

/** The confidence in a row. A: two sources agree. B: one vendor source. C: inferred, or the sources differ. */
export type Confidence = "A" | "B" | "C";

/** A rule of a module's behaviour, as far as it is known. */
export interface AtClause {
  /** `ECMT-OPEN-W3`. The letter is the form: T test, R read, W write, U result or unsolicited line, S state. */
  readonly id: string;
  /** One sentence in our own words. */
  readonly text: string;
  readonly confidence: Confidence;
  /** The level that a case may assume: must for A, should for B, may for C. */
  readonly level: "must" | "should" | "may";
  /** The command, or the part of the AT layer. */
  readonly section: string;
}

const LEVEL = { A: "must", B: "should", C: "may" } as const;

const CLAUSES: ReadonlyMap<string, AtClause> = new Map(rows.map((row) => {
  const confidence = row.confidence === "A" ? "A" : row.confidence === "B" ? "B" : "C";
  const { id, text, section } = row;
  return [id, { id, text, confidence, level: LEVEL[confidence], section }];
}));

/** Returns the row with this id, or undefined. */
export function clause(id: string): AtClause | undefined {
  return CLAUSES.get(id);
}

/** All rows in manual order. */
export function clauses(): readonly AtClause[] {
  return [...CLAUSES.values()];
}
