import { quoteEscaped } from "../../../ground/text.ts";
import { bodyAt, propertyAt } from "../offsets.ts";
import { textOf } from "../property_value.ts";
import { code, type LedgerRule, on, only5 } from "../rule.ts";

const SUCCESS = 0x00;
const CONTINUE = 0x18;
const AGAIN = 0x19;
const METHOD = "authenticationMethod";

/**
 * Rules for enhanced authentication: only with a method in CONNECT, always the same method, and each code
 * from the end that may send it.
 */
export const AUTHENTICATING_RULES: readonly LedgerRule[] = [
  {
    id: "auth-unasked",
    who: "both",
    clauses: { "5.0": { client: ["MQTT-4.12.0-7"], server: ["MQTT-4.12.0-6"] } },
    about: "Neither end sends AUTH on a connection whose CONNECT has no Authentication Method.",
    needs: "nothing",
    ...on(["AUTH"], (_, { connection: { connect } }) => {
      if (!connect || textOf(connect.properties, METHOD) !== undefined) return undefined;
      return { message: "AUTH was sent, but CONNECT has no Authentication Method" };
    }),
  },
  {
    id: "method-unasked",
    who: "server",
    clauses: only5("MQTT-4.12.0-6"),
    about: "CONNACK has no Authentication Method if CONNECT has none.",
    needs: "nothing",
    ...on(["CONNACK"], (packet, { connection: { connect }, size }) => {
      const method = textOf(packet.properties, METHOD);
      if (!connect || method === undefined || textOf(connect.properties, METHOD) !== undefined) {
        return undefined;
      }
      return {
        message: `CONNACK has Authentication Method ${quoteEscaped(method)}; CONNECT has none`,
        offset: propertyAt(packet, size, METHOD),
      };
    }),
  },
  {
    id: "method-differs",
    who: "both",
    clauses: { "5.0": { client: ["MQTT-4.12.0-5", "MQTT-4.12.1-1"], server: ["MQTT-4.12.0-5"] } },
    about: "Every AUTH, and a CONNACK that accepts the client, has the Authentication Method of CONNECT.",
    needs: "nothing",
    ...on(["AUTH", "CONNACK"], (packet, { connection: { connect }, size }) => {
      const wanted = connect && textOf(connect.properties, METHOD);
      if (wanted === undefined || (packet.type === "CONNACK" && packet.reason !== SUCCESS)) return undefined;
      const found = textOf(packet.properties, METHOD);
      if (found === wanted) return undefined;
      const has = found === undefined
        ? "no Authentication Method"
        : `Authentication Method ${quoteEscaped(found)}`;
      return {
        message: `${packet.type} has ${has}; CONNECT has ${quoteEscaped(wanted)}`,
        offset: propertyAt(packet, size, METHOD),
        clause: packet.type === "AUTH" && packet.reason === AGAIN ? "MQTT-4.12.1-1" : undefined,
      };
    }),
  },
  {
    id: "auth-reason-of-other-end",
    who: "both",
    clauses: only5("MQTT-3.15.2-1"),
    about: "Only a server sends AUTH with the code 0x00, and only a client with 0x19.",
    needs: "nothing",
    ...on(["AUTH"], ({ reason }, { by, size }) => {
      if (reason !== (by === "client" ? SUCCESS : AGAIN)) return undefined;
      const other = by === "client" ? "server" : "client";
      return {
        message: `AUTH from the ${by} has code ${code(reason)}, which only a ${other} may send`,
        offset: bodyAt(size),
      };
    }),
  },
  {
    id: "auth-reason-before-connack",
    who: "both",
    clauses: { "5.0": { client: ["MQTT-4.12.0-3"], server: ["MQTT-4.12.0-2"] } },
    about: "Until CONNACK each AUTH has the code 0x18.",
    needs: "connection",
    ...on(["AUTH"], ({ reason }, { by, connection, size }) => {
      // Codes that this end never sends have their own rule.
      const other = by === "client" ? SUCCESS : AGAIN;
      if (!connection.connect || connection.connacks > 0 || reason === CONTINUE || reason === other) {
        return undefined;
      }
      return {
        message: `AUTH before CONNACK has code ${code(reason)}; expected ${code(CONTINUE)}`,
        offset: bodyAt(size),
      };
    }),
  },
  {
    id: "packet-during-authentication",
    who: "client",
    clauses: only5("MQTT-3.1.2-30"),
    about: "A client whose CONNECT has an Authentication Method sends only AUTH and DISCONNECT before it " +
      "receives CONNACK.",
    needs: "connection",
    ...on(
      ["PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBSCRIBE", "UNSUBSCRIBE", "PINGREQ"],
      ({ type }, { connection: { connect, connacks } }) => {
        if (!connect || connacks > 0 || textOf(connect.properties, METHOD) === undefined) return undefined;
        return {
          message:
            `${type} was sent before CONNACK, during authentication; only AUTH and DISCONNECT are allowed`,
        };
      },
    ),
  },
];
