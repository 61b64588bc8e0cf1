import { LEDGER_RULES } from "../mqtt/ledger/ledger_rules.ts";
import { RULE_NAMES } from "../mqtt/rules.ts";
import type { Verdict } from "../run/event.ts";
import { withoutNames } from "../run/findings.ts";
import { text, word } from "../spec/form.ts";
import { object } from "../spec/form_parts.ts";

/** A known deviation that is named by what is wrong, in whatever cases it shows. */
export interface KnownFinding {
  /** The rule of MQTT that a packet breaks, such as `property-twice`. */
  readonly rule?: string | undefined;
  /** What a report says of it, such as `CONNACK return code is 0, expected 2`; topics, payloads and numbers in it may differ. */
  readonly message?: string | undefined;
  /** One protocol; absent for all. */
  readonly protocol?: string | undefined;
  readonly reason: string;
}

/** What a case run showed, as far as a finding is about it. */
export interface Shown {
  readonly verdict: Verdict;
  readonly reason?: string | undefined;
  readonly failure?: { readonly rules?: readonly string[] | undefined } | undefined;
}

/** The names of the rules that a packet can break, by itself or in its conversation. */
const RULES: readonly string[] = [...new Set([...RULE_NAMES, ...LEDGER_RULES.map(({ id }) => id)])];

/** Reads what is wrong: `{ rule: property-twice }` or `{ message: … }`. */
export const FINDING = object("a finding", (keys, report) => {
  const rule = keys.optional("rule", word(RULES, "rule"), "the rule of MQTT that a packet breaks");
  const message = keys.optional(
    "message",
    text({ what: "a message" }),
    "what a report says of it; topics, payloads and numbers in it may differ",
  );
  const place = keys.place("rule") ?? keys.place("message");
  if (place && keys.has("rule") === keys.has("message")) {
    report.add(
      "a finding has either a rule or a message",
      place,
      keys.has("rule") ? "remove one" : "add rule:",
    );
  }
  return { rule, message };
});

/** What an opening that is not met puts before the message of what went wrong in it. */
const OPENING = /^The opening "[^"]*" was not met: /;

/** The finding that explains a case run: one that failed, or could not be judged since one of its openings was not met. */
export function findingFor(
  findings: readonly KnownFinding[],
  protocol: string,
  { verdict, reason = "", failure }: Shown,
): KnownFinding | undefined {
  if (verdict !== "fail" && verdict !== "inconclusive") return undefined;
  const rules = failure?.rules ?? [];
  const message = withoutNames(reason.replace(OPENING, ""));
  return findings.find((one) =>
    (one.protocol ?? protocol) === protocol &&
    (one.rule === undefined ? withoutNames(one.message ?? "") === message : rules.includes(one.rule))
  );
}
