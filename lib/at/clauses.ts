/** The rows of the ECMT command manual that a suite can cover. */
import rows from "./clauses.json" with { type: "json" };

/** How sure a row is: A, two sources agree; B, one vendor source; C, inferred, or sources differ. */
export type Confidence = "A" | "B" | "C";

/** What a module does, as far as it is known. */
export interface AtClause {
  /** `ECMT-OPEN-W3`; the letter says the form: T test, R read, W write, U result or unsolicited line, S state. */
  readonly id: string;
  /** One sentence, in our words. */
  readonly text: string;
  readonly confidence: Confidence;
  /** How strongly a case may take it: A is a must, B a should, C a may. */
  readonly level: "must" | "should" | "may";
  /** The command or the part of the AT layer that it belongs to. */
  readonly section: string;
}

const LEVEL = { A: "must", B: "should", C: "may" } as const;

const CLAUSES: ReadonlyMap<string, AtClause> = new Map(rows.map((row) => {
  const confidence = row.confidence === "A" ? "A" : row.confidence === "B" ? "B" : "C";
  const { id, text, section } = row;
  return [id, { id, text, confidence, level: LEVEL[confidence], section }];
}));

/** The row with this id, or undefined. */
export function clause(id: string): AtClause | undefined {
  return CLAUSES.get(id);
}

/** All rows, in the order of the manual. */
export function clauses(): readonly AtClause[] {
  return [...CLAUSES.values()];
}
