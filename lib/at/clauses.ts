/** The rows of the command manuals that a suite can cover. */
import ecmt from "./ecmt_clauses.json" with { type: "json" };
import qmt from "./qmt_clauses.json" with { type: "json" };

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

type Row = Pick<AtClause, "id" | "text" | "section"> & { readonly confidence: string };

/** The manual of each command set, by the protocol of its cases. */
const MANUALS: ReadonlyMap<string, ReadonlyMap<string, AtClause>> = new Map([
  ["ECMT", tableOf(ecmt)],
  ["QMT", tableOf(qmt)],
]);

function tableOf(rows: readonly Row[]): ReadonlyMap<string, AtClause> {
  return new Map(rows.map(({ id, text, section, confidence: given }) => {
    const confidence = given === "A" ? "A" : given === "B" ? "B" : "C";
    return [id, { id, text, confidence, level: LEVEL[confidence], section }];
  }));
}

/** The command sets whose manual has a table. */
export const MANUAL_PROTOCOLS: readonly string[] = [...MANUALS.keys()];

/** Returns the row of a command set's manual with this id, or undefined. */
export function clause(protocol: string, id: string): AtClause | undefined {
  return MANUALS.get(protocol)?.get(id);
}

/** All rows of a command set's manual, in its order; none if it has no table. */
export function clauses(protocol: string): readonly AtClause[] {
  return [...MANUALS.get(protocol)?.values() ?? []];
}
