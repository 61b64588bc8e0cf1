/** The clauses that the suites for one kind of target must account for. */
import { clauses as moduleClauses } from "../../at/clauses.ts";
import { type Clause, clauses as mqttClauses } from "../../mqtt/clauses.ts";
import { isProtocolVersion } from "../../mqtt/packet.ts";
import { MODULE_PROTOCOL } from "./build.ts";

/** The kinds of target that suites test. */
export const KINDS = ["broker", "module"] as const;
export type Kind = (typeof KINDS)[number];

/** A clause that needs a case, or a reason why it has none. */
export interface DueClause {
  readonly id: string;
  readonly text: string;
  readonly section: string;
  /** Why no case for this kind of target can cover it, if the table of clauses alone shows that. */
  readonly uncovered?: string | undefined;
}

const UNSEEN = "A client can neither observe it nor break it to observe the reaction";

/**
 * Returns the clauses of a protocol that suites for this kind of target must account for, in document order.
 * For a broker: all MQTT statements, because a client can also break its own rules and observe the reaction.
 * For a module, which is the client: the statements for clients, and all rows of the command manual. Returns
 * none for a protocol without a table.
 */
export function dueClauses(kind: Kind, protocol: string): readonly DueClause[] {
  if (!isProtocolVersion(protocol)) {
    return kind === "module" && protocol === MODULE_PROTOCOL ? moduleClauses() : [];
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
