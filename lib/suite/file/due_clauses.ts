/** The clauses that the suites for one kind of target must account for. */
import { clauses as moduleClauses } from "../../at/clauses.ts";
import { type Clause, clauses as mqttClauses } from "../../mqtt/clauses.ts";
import { isProtocolVersion } from "../../mqtt/packet.ts";

/** What suites test. */
export const KINDS = ["broker", "module", "client"] as const;
export type Kind = (typeof KINDS)[number];

/**
 * Whether cases of a suite for modules or brokers test a kind of target in a protocol. A suite for modules as MQTT clients
 * tests client libraries too; no module speaks 5.0.
 */
export function testsKind(tests: "broker" | "module", kind: Kind, protocol: string): boolean {
  if (kind === "client") return tests === "module" && isProtocolVersion(protocol);
  return tests === kind && !(kind === "module" && protocol === "5.0");
}

/** A clause that needs a case, or a reason why there is none. */
export interface DueClause {
  readonly id: string;
  readonly text: string;
  readonly section: string;
  /** Why no case for this kind of target can cover it, if the table of clauses alone shows that. */
  readonly uncovered?: string | undefined;
}

const UNSEEN = "A client can neither observe it nor break it to observe the reaction";

/**
 * The clauses of a protocol that suites for this kind of target have to account for, in the order of its document: of
 * MQTT all statements for a broker, since a client can also break its own rules and watch; for a module or a library,
 * which is the client, those that bind a client; and for a module all rows of its command manual. None of a protocol that has no table.
 */
export function dueClauses(kind: Kind, protocol: string): readonly DueClause[] {
  if (!isProtocolVersion(protocol)) {
    return kind === "module" ? moduleClauses(protocol) : [];
  }
  const all = mqttClauses(protocol);
  if (kind === "broker") return all.map(forBroker);
  return all.filter(({ subject }) => subject !== "server").map(({ id, text, section }) => ({
    id,
    text,
    section,
  }));
}

function forBroker({ id, text, section, reachable }: Clause): DueClause {
  return { id, text, section, uncovered: reachable ? undefined : UNSEEN };
}
