import { clause as moduleClause } from "../at/clauses.ts";
import { clause as mqttClause } from "../mqtt/clauses.ts";
import { isProtocolVersion } from "../mqtt/packet.ts";
import type { ClauseListed, LimitListed } from "../run/event.ts";
import { dueClauses, type Kind } from "../suite/file/due_clauses.ts";
import type { Suite } from "../suite/file/model.ts";
import { type Account, reasonUncovered } from "../suite/file/uncovered.ts";
import type { PlannedCase } from "./plan.ts";

/** The versions of MQTT that a module speaks in the cases of its commands. */
const SPOKEN = ["3.1.1", "3.1"] as const;

/** Returns the text of a clause of a protocol. Of a command set also that of MQTT, whose packets its modules send. */
export function requirement(protocol: string, id: string): string | undefined {
  if (isProtocolVersion(protocol)) return mqttClause(protocol, id)?.text;
  const [spoken] = SPOKEN.flatMap((version) => mqttClause(version, id) ?? []);
  return moduleClause(protocol, id)?.text ?? spoken?.text;
}

/** The cases planned for targets of one kind. */
export interface PlannedKind {
  readonly tests: Kind;
  readonly cases: readonly PlannedCase[];
}

/**
 * Returns events for the clauses that the planned cases could cover: those that their protocols have for
 * their kind of target, with the reasons for those that no case can cover, and other clauses that the cases
 * cover.
 */
export function clauseEvents(
  planned: readonly PlannedKind[],
  accounts: readonly Account[],
): readonly ClauseListed[] {
  const kinds = Map.groupBy(planned, ({ tests }) => tests);
  return [...kinds].flatMap(([tests, own]) => {
    const byProtocol = Map.groupBy(own.flatMap(({ cases }) => cases), ({ protocol }) => protocol);
    return [...byProtocol].flatMap(([protocol, cases]) => clausesOf(tests, protocol, cases, accounts));
  });
}

function clausesOf(
  tests: Kind,
  protocol: string,
  cases: readonly PlannedCase[],
  accounts: readonly Account[],
): readonly ClauseListed[] {
  const due = dueClauses(tests, protocol);
  const listed = due.map(({ id, text, section }): ClauseListed => {
    const reason = reasonUncovered(accounts, tests, protocol, id);
    return {
      kind: "clause",
      protocol,
      clause: id,
      text,
      section,
      tests,
      uncovered: reason,
    };
  });
  const ids = new Set(due.map(({ id }) => id));
  const others = new Set(
    cases.flatMap((one) => one.case.covers[protocol] ?? []).filter((id) => !ids.has(id)),
  );
  return [
    ...listed,
    ...[...others].map((id): ClauseListed => ({
      kind: "clause",
      protocol,
      clause: id,
      text: requirement(protocol, id) ?? "",
      tests,
    })),
  ];
}

/** Returns events for what the planned boundary cases could test. */
export function limitEvents(
  suites: readonly Suite[],
  cases: readonly PlannedCase[],
): readonly LimitListed[] {
  const planned = new Map(cases.map((one) => [one.case.suite, one.protocol] as const));
  return suites.flatMap(({ name, limits }) => {
    const protocol = planned.get(name);
    if (!limits || protocol === undefined) return [];
    return limits.map((cell): LimitListed => ({ kind: "limit", protocol, ...cell }));
  });
}
