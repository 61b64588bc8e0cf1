/** The page of the rules to which a conversation between a client and a server is held. */
import { LEDGER_RULES, LEDGER_THEMES } from "../../lib/mqtt/ledger/ledger_rules.ts";
import { clausesFor, type LedgerRule, versionsOf } from "../../lib/mqtt/ledger/rule.ts";
import type { ProtocolVersion } from "../../lib/mqtt/packet.ts";
import { paragraph, table } from "./markdown.ts";

const PARTS = [
  "<!-- Made by `deno task docs` from lib/mqtt/ledger. Change that, not this page. -->",
  "# The rules of a conversation",
  paragraph(
    `A packet can be well encoded and still break the protocol by when it comes: an acknowledgement of nothing, a topic
    alias that was never set. These ${LEDGER_RULES.length} rules say what an end may send after all that both have sent so far, on a connection
    and over the connections of a session. They hold for brokers, for clients, and for attest itself.`,
  ),
  paragraph(
    `*Who* is the end that a rule binds. *Clauses* names, for each version in which the rule holds, the statements that
    it follows from; a dash is for a version whose text says it without a number.`,
  ),
  paragraph(
    `*Needs* is what has to be seen before the rule is applied: nothing but the packets that it speaks of; the whole
    connection, from both ends; or the whole session since it began. What was not seen is not judged: a session from
    before the run, bytes that a test has sent raw, packets that crossed each other or were lost with a connection.`,
  ),
];

/** docs/reference/conversation-rules.md */
export function conversationRulesPage(): string {
  const themes = [...LEDGER_THEMES].map(([theme, rules]) => `## ${theme}\n\n${rulesTable(rules)}`);
  return `${[...PARTS, ...themes].join("\n\n")}\n`;
}

function rulesTable(rules: readonly LedgerRule[]): string {
  const rows = rules.map((rule) => [rule.id, rule.who, clausesCell(rule), rule.needs, rule.about]);
  return table(["rule", "who", "clauses", "needs", "what it says"], rows);
}

function clausesCell(rule: LedgerRule): string {
  return versionsOf(rule).map((version) => `${version}: ${cited(rule, version)}`).join("; ");
}

function cited(rule: LedgerRule, version: ProtocolVersion): string {
  const ends = (["client", "server"] as const).flatMap((end) => {
    const clauses = clausesFor(rule, version, end);
    return clauses ? [{ end, text: clauses.length === 0 ? "–" : clauses.join(" ") }] : [];
  });
  const [first, second] = ends;
  if (first && second) {
    return first.text === second.text ? first.text : `client ${first.text}, server ${second.text}`;
  }
  // Only where the rule binds both in other versions has it to be said.
  return first ? (rule.who === "both" ? `${first.end} ${first.text}` : first.text) : "";
}
