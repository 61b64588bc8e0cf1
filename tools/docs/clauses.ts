/** The pages of the clauses that a case can name in `covers:`. */
import { type AtClause, clauses as moduleClauses } from "../../lib/at/clauses.ts";
import { type Clause, clauses as mqttClauses } from "../../lib/mqtt/clauses.ts";
import { PROTOCOL_VERSIONS } from "../../lib/mqtt/packet.ts";
import { paragraph, table } from "./markdown.ts";

const GENERATED =
  "<!-- Made by `deno task docs` from the clause tables in lib/. Change those, not this page. -->";

/** docs/reference/clauses-mqtt.md */
export function mqttClausesPage(): string {
  const parts = PROTOCOL_VERSIONS.map((protocol) => {
    const all = mqttClauses(protocol);
    const off = all.filter((one) => !one.reachable).length;
    return [
      `## MQTT ${protocol}`,
      `${all.length} statements; ${off} of them cannot be seen kept or broken on the wire.`,
      mqttTable(all),
    ].join("\n\n");
  });
  return page([
    "# The clauses of MQTT",
    paragraph(
      `The numbered statements of the two OASIS standards, told in our own words. The same number may stand for
      another statement in the other version, so a case names its clauses by protocol. MQTT V3.1 Protocol
      Specification numbers none, so its statements have numbers of ours: its section, then a count.
      \`deno task list --filter MQTT-4.3.3-2\` shows the cases that cover a clause.`,
    ),
    paragraph(
      `*Whom* is the party that a statement binds. *On the wire* is empty where no observer can tell; *needs* names
      what a target has to offer before the statement can be tried.`,
    ),
    ...parts,
  ]);
}

/** docs/reference/clauses-ecmt.md */
export function ecmtClausesPage(): string {
  const sections = [...Map.groupBy(moduleClauses(), (one) => one.section)];
  return page([
    "# The clauses of the AT+ECMT commands",
    paragraph(
      `What modules of this family do, as rows: the letter behind the command says which form a row is about, T
      test, R read, W write, U a result or unsolicited line, S a state. \`deno task list --filter ECMT-PUB-U3\` shows
      the cases that cover a row.`,
    ),
    paragraph(
      `*Level* follows from how sure a row is: two sources agree on a must, a should has one source, a may is
      inferred or disputed. A case may be of a weaker level than its rows.`,
    ),
    ...sections.map(([section, rows]) => `## ${section}\n\n${ecmtTable(rows)}`),
  ]);
}

function mqttTable(all: readonly Clause[]): string {
  const rows = all.map((
    { id, section, subject, text, reachable, needs },
  ) => [id, section, subject, reachable ? "yes" : "", needs ?? "", text]);
  return table(["clause", "section", "whom", "on the wire", "needs", "statement"], rows);
}

function ecmtTable(all: readonly AtClause[]): string {
  return table(["clause", "level", "statement"], all.map(({ id, level, text }) => [id, level, text]));
}

function page(parts: readonly string[]): string {
  return `${[GENERATED, ...parts].join("\n\n")}\n`;
}
