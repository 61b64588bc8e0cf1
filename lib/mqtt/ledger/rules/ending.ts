import { bodyAt, propertyAt } from "../offsets.ts";
import { numberOf } from "../property_value.ts";
import { ALL_PACKETS, code, each, type LedgerRule, on, only5 } from "../rule.ts";

/** The codes of DISCONNECT that only a client may send [5.0 section 3.14.2.1]. */
const CLIENT_ONLY: ReadonlySet<number> = new Set([0x04]);
const SERVER_ONLY: ReadonlySet<number> = new Set([
  ...[0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2],
]);
/** The codes that redirect a client to another server. */
const REDIRECTIONS: ReadonlySet<number> = new Set([0x9c, 0x9d]);

/**
 * Rules for the end of a connection: DISCONNECT is the last packet of its sender, with a code and properties
 * that this end may use.
 */
export const ENDING_RULES: readonly LedgerRule[] = [
  {
    id: "after-disconnect",
    who: "both",
    clauses: each({ client: ["MQTT-3.14.4-2"] }, ["MQTT-3.14.4-1"]),
    about: "An end that has sent DISCONNECT sends nothing more on the connection.",
    needs: "nothing",
    ...on(ALL_PACKETS, ({ type }, { connection, by }) => {
      if (!connection.left[by]) return undefined;
      return { message: `${type} follows the ${by}'s DISCONNECT, which must be its last packet` };
    }),
  },
  {
    id: "server-disconnect",
    who: "server",
    clauses: { "3.1": [], "3.1.1": [] },
    about: "Before 5.0 only a client sends DISCONNECT.",
    needs: "nothing",
    ...on(["DISCONNECT"], (_, { connection: { version } }) => ({
      message: `The server sent DISCONNECT; in ${version} only a client may`,
    })),
  },
  {
    id: "disconnect-reason-of-other-end",
    who: "both",
    clauses: only5("MQTT-3.14.2-1"),
    about:
      "A client or a server sends only DISCONNECT codes that are defined for it: 0x04 is for clients, 0x8b and others " +
      "are for servers.",
    needs: "nothing",
    ...on(["DISCONNECT"], ({ reason }, { by, size }) => {
      const others = by === "client" ? SERVER_ONLY : CLIENT_ONLY;
      if (!others.has(reason)) return undefined;
      const other = by === "client" ? "server" : "client";
      return {
        message: `DISCONNECT from the ${by} has code ${code(reason)}, which only a ${other} may send`,
        offset: bodyAt(size),
      };
    }),
  },
  {
    id: "session-expiry-after-zero",
    who: "client",
    clauses: only5(),
    about:
      "A client whose CONNECT had the Session Expiry Interval 0, or none, does not set another one in DISCONNECT.",
    needs: "nothing",
    ...on(["DISCONNECT"], (packet, { connection: { connect }, size }) => {
      const name = "sessionExpiryInterval";
      const value = numberOf(packet.properties, name) ?? 0;
      if (!connect || value === 0 || (numberOf(connect.properties, name) ?? 0) > 0) return undefined;
      return {
        message: `DISCONNECT sets Session Expiry Interval to ${value}; it was 0 in CONNECT and must stay 0`,
        offset: propertyAt(packet, size, name),
      };
    }),
  },
  {
    id: "session-expiry-from-server",
    who: "server",
    clauses: only5("MQTT-3.14.2-2"),
    about: "A server's DISCONNECT has no Session Expiry Interval.",
    needs: "nothing",
    encoding: "property-misplaced",
    ...on(["DISCONNECT"], (packet, { size }) => {
      const value = numberOf(packet.properties, "sessionExpiryInterval");
      if (value === undefined) return undefined;
      return {
        message: `DISCONNECT from the server has Session Expiry Interval ${value}; it must have none`,
        offset: propertyAt(packet, size, "sessionExpiryInterval"),
      };
    }),
  },
  {
    id: "server-reference-unfounded",
    who: "server",
    clauses: only5(),
    about: "A server refers to another server only with the codes 0x9c and 0x9d.",
    needs: "nothing",
    ...on(["CONNACK", "DISCONNECT"], (packet, { size }) => {
      const { type, reason, properties } = packet;
      if (REDIRECTIONS.has(reason) || !properties.some(({ name }) => name === "serverReference")) {
        return undefined;
      }
      return {
        message: `${type} has a Server Reference with code ${code(reason)}; expected 0x9c or 0x9d`,
        offset: propertyAt(packet, size, "serverReference"),
      };
    }),
  },
];
