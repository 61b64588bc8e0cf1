import { PROTOCOL_VERSIONS, type ProtocolVersion } from "./packet.ts";
import table from "./clauses.json" with { type: "json" };

/** A numbered statement of one of the standards. MQTT 3.1 has no numbers, so its statements have ours. */
export interface Clause {
  readonly protocol: ProtocolVersion;
  /**
   * `MQTT-4.3.3-2`, or `MQTT31-2.2-5` for 3.1. The same number may stand for another statement in another
   * version.
   */
  readonly id: string;
  /** Number and heading. */
  readonly section: string;
  /** The party that it binds. */
  readonly subject: "client" | "server" | "both";
  /** The requirement in our own words. */
  readonly text: string;
  /** Whether a party on the wire can observe it, or break it and observe the reaction. */
  readonly reachable: boolean;
  /** The optional feature that a target needs for it. */
  readonly needs?: string;
}

const SUBJECTS = ["client", "server", "both"] as const;

function read(row: (typeof table)[number]): Clause {
  const protocol = PROTOCOL_VERSIONS.find((version) => version === row.protocol);
  const subject = SUBJECTS.find((name) => name === row.subject);
  if (!protocol || !subject) {
    throw new Error(`The clause ${row.id} of ${row.protocol} binds "${row.subject}"`);
  }
  const { id, section, text, reachable } = row;
  const clause = { protocol, id, section, subject, text, reachable };
  return "needs" in row && typeof row.needs === "string" ? { ...clause, needs: row.needs } : clause;
}

const TABLES: Readonly<Record<ProtocolVersion, Map<string, Clause>>> = {
  "3.1": new Map(),
  "3.1.1": new Map(),
  "5.0": new Map(),
};
for (const row of table) TABLES[read(row).protocol].set(row.id, read(row));

/** Returns the clause with this number in one version, or undefined. */
export function clause(protocol: ProtocolVersion, id: string): Clause | undefined {
  return TABLES[protocol].get(id);
}

/** Returns all clauses of one version in document order. */
export function clauses(protocol: ProtocolVersion): readonly Clause[] {
  return [...TABLES[protocol].values()];
}
