import { clause as moduleClause, clauses as moduleClauses } from "../at/clauses.ts";
import { clause as mqttClause, clauses as mqttClauses } from "../mqtt/clauses.ts";
import { isProtocolVersion } from "../mqtt/packet.ts";

/** Whether a protocol (a version of MQTT or a command set) has a clause. */
export function hasClause(protocol: string, id: string): boolean {
  return (isProtocolVersion(protocol) ? mqttClause(protocol, id) : moduleClause(protocol, id)) !== undefined;
}

/** Returns the ids of a protocol's clauses. */
export function clauseIds(protocol: string): readonly string[] {
  return (isProtocolVersion(protocol) ? mqttClauses(protocol) : moduleClauses(protocol)).map(({ id }) => id);
}
