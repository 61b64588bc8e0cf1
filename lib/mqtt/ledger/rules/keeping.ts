import { quoteEscaped } from "../../../ground/text.ts";
import { bodyAt, propertyAt } from "../offsets.ts";
import { textOf } from "../property_value.ts";
import { ALL_PACKETS, clientKnows, each, type LedgerRule, on, only5 } from "../rule.ts";

const ASSIGNED = "assignedClientIdentifier";

/** Rules for sessions: which one continues, and under which client identifier. */
export const KEEPING_RULES: readonly LedgerRule[] = [
  {
    id: "session-present-after-clean-start",
    who: "server",
    clauses: each(["MQTT-3.2.2-1"], ["MQTT-3.2.2-2"]),
    about: "CONNACK has Session Present 0 if CONNECT has Clean Start 1, or Clean Session 1.",
    needs: "nothing",
    ...on(["CONNACK"], (packet, { connection: { connect, version }, size }) => {
      // With a refusal it is wrong whatever CONNECT says, and the decoder reports it.
      if (!connect?.cleanStart || !packet.sessionPresent || packet.reason !== 0) return undefined;
      const name = version === "5.0" ? "Clean Start" : "Clean Session";
      return { message: `CONNACK has Session Present 1; CONNECT has ${name} 1`, offset: bodyAt(size) };
    }),
  },
  {
    id: "foreign-session-taken",
    who: "client",
    clauses: only5("MQTT-3.2.2-4"),
    about: "A client that connects with Clean Start 1 and receives Session Present 1 closes the connection.",
    needs: "nothing",
    ...on(ALL_PACKETS, ({ type }, scene) => {
      const { connect, connack } = scene.connection;
      const told = connack?.sessionPresent === true && connack.reason === 0;
      if (!connect?.cleanStart || !told || type === "DISCONNECT" || !clientKnows(scene)) return undefined;
      return {
        message: `${type} follows a CONNACK with Session Present 1, but CONNECT has Clean Start 1`,
      };
    }),
  },
  {
    id: "client-identifier-unassigned",
    who: "server",
    clauses: only5("MQTT-3.2.2-16", "MQTT-3.1.3-7"),
    about: "A CONNACK that accepts a client without a client identifier has an Assigned Client Identifier.",
    needs: "nothing",
    ...on(["CONNACK"], ({ reason, properties }, { connection: { connect } }) => {
      if (connect?.clientId !== "" || reason !== 0 || textOf(properties, ASSIGNED) !== undefined) {
        return undefined;
      }
      return {
        message: "CONNACK has no Assigned Client Identifier, but the client id in CONNECT is empty",
      };
    }),
  },
  {
    id: "client-identifier-reassigned",
    who: "server",
    clauses: only5(),
    about: "CONNACK has an Assigned Client Identifier only if the client identifier in CONNECT is empty.",
    needs: "nothing",
    ...on(["CONNACK"], (packet, { connection: { connect }, size }) => {
      const assigned = textOf(packet.properties, ASSIGNED);
      if (!connect || connect.clientId === "" || assigned === undefined) return undefined;
      return {
        message: `CONNACK assigns client id ${quoteEscaped(assigned)}, but CONNECT has ${
          quoteEscaped(connect.clientId)
        }`,
        offset: propertyAt(packet, size, ASSIGNED),
      };
    }),
  },
];
