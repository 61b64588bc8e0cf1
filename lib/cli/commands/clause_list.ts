import { isProtocolVersion } from "../../mqtt/packet.ts";
import type { Suite } from "../../suite/file/model.ts";
import { dueClauses, type Kind, KINDS } from "../../suite/file/due_clauses.ts";
import { type Account, casesByClause, reasonUncovered } from "../../suite/file/uncovered.ts";
import type { Screen } from "../terminal/screen.ts";

/** A clause with the cases that cover it, or the reason why no case can. */
export interface ListedClause {
  /** The kind of target that the clause's cases test. */
  readonly tests: Kind;
  readonly protocol: string;
  readonly clause: string;
  readonly section: string;
  readonly text: string;
  /** The ids of its cases. The rows of a table or matrix count as one case, with the number of rows. */
  readonly cases: readonly { readonly id: string; readonly rows: number }[];
  /** Why no case can cover it. */
  readonly uncovered?: string | undefined;
}

/** Every clause that needs a case or a reason, in the order of its document. */
export function listedClauses(
  suites: readonly Suite[],
  accounts: readonly Account[],
): readonly ListedClause[] {
  const protocols = new Set(suites.flatMap(({ cases }) => cases.flatMap((one) => one.protocols)));
  return KINDS.flatMap((tests) =>
    [...protocols].sort().flatMap((protocol) => {
      const covering = casesByClause(suites, tests, protocol);
      if (covering.size === 0) return [];
      return dueClauses(tests, protocol).map(({ id, text, section }): ListedClause => {
        const cases = withRows(covering.get(id) ?? []);
        const reason = cases.length > 0 ? undefined : reasonUncovered(accounts, tests, protocol, id);
        return {
          tests,
          protocol,
          clause: id,
          section,
          text,
          cases,
          uncovered: reason,
        };
      });
    })
  );
}

/** Prints each clause with its cases, or the reason why it has none. */
export function printClauses(screen: Screen, listed: readonly ListedClause[]): void {
  for (const own of Map.groupBy(listed, (one) => `${one.tests} ${one.protocol}`).values()) {
    const [first] = own;
    if (!first) continue;
    const covered = own.filter(({ cases }) => cases.length > 0).length;
    const excused = own.filter(({ uncovered }) => uncovered !== undefined).length;
    const open = own.length - covered - excused;
    const title = isProtocolVersion(first.protocol)
      ? `Statements of MQTT ${first.protocol}`
      : `Rows of the ${first.protocol} manual`;
    screen.print(
      screen.paint(
        "strong",
        `${title} for a ${first.tests}: ${covered} of ${own.length} have cases, ${excused} can have none` +
          (open > 0 ? `, ${open} have none yet` : ""),
      ),
    );
    for (const one of own) printClause(screen, one);
    screen.print("");
  }
}

function printClause(screen: Screen, { clause, text, cases, uncovered }: ListedClause): void {
  screen.print(`${clause}  ${text}`);
  if (cases.length === 0) {
    const mark = screen.paint(uncovered === undefined ? "bad" : "doubt", "no case");
    screen.print(`    ${mark}${uncovered === undefined ? " yet" : `: ${uncovered}`}`);
  }
  for (const { id, rows } of cases) screen.print(`    ${id}${rows > 1 ? ` (${rows} rows)` : ""}`);
}

/** Case ids without their rows, each once. */
function withRows(ids: readonly string[]): ListedClause["cases"] {
  const groups = Map.groupBy(ids, (id) => id.replace(/\[.*$/s, ""));
  return [...groups].map(([id, rows]) => ({ id, rows: rows.length }));
}
