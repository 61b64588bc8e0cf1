import { clause as moduleClause, clauses as moduleClauses } from "../at/clauses.ts";
import { clause as mqttClause, clauses as mqttClauses } from "../mqtt/clauses.ts";
import { isProtocolVersion } from "../mqtt/packet.ts";
import type { RunEvent } from "../run/event.ts";

/** The text of a clause of a protocol. */
export function requirement(protocol: string, id: string): string | undefined {
  return isProtocolVersion(protocol) ? mqttClause(protocol, id)?.text : moduleClause(id)?.text;
}

/** The clauses of a protocol that a run could cover, as events. */
export function clauseEvents(protocol: string): readonly RunEvent[] {
  const list = isProtocolVersion(protocol)
    ? mqttClauses(protocol).filter((one) => one.reachable)
    : moduleClauses();
  return list.map(({ id, text, section }) => ({ kind: "clause", protocol, clause: id, text, section }));
}
