import { propertyAt } from "../offsets.ts";
import { numberOf } from "../property_value.ts";
import { type LedgerRule, on, only5 } from "../rule.ts";

/** Rules for what a server sends only if CONNECT requests it. */
export const REQUESTING_RULES: readonly LedgerRule[] = [
  {
    id: "problem-information-unrequested",
    who: "server",
    clauses: only5("MQTT-3.1.2-29"),
    about:
      "With Request Problem Information 0 a server sends Reason String and User Property only on PUBLISH, CONNACK and DISCONNECT.",
    needs: "nothing",
    ...on(
      ["PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBACK", "UNSUBACK", "AUTH"],
      (packet, { connection: { connect }, size }) => {
        if (!connect || numberOf(connect.properties, "requestProblemInformation") !== 0) return undefined;
        const found = packet.properties.find(({ name }) =>
          name === "reasonString" || name === "userProperty"
        );
        if (!found) return undefined;
        const what = found.name === "reasonString" ? "Reason String" : "User Property";
        return {
          message: `${packet.type} has a ${what}; the client's Request Problem Information is 0`,
          offset: propertyAt(packet, size, found.name),
        };
      },
    ),
  },
  {
    id: "response-information-unrequested",
    who: "server",
    clauses: only5("MQTT-3.1.2-28"),
    about: "CONNACK has Response Information only if Request Response Information is 1.",
    needs: "nothing",
    ...on(["CONNACK"], (packet, { connection: { connect }, size }) => {
      const has = packet.properties.some(({ name }) => name === "responseInformation");
      if (!connect || !has || numberOf(connect.properties, "requestResponseInformation") === 1) {
        return undefined;
      }
      return {
        message: "CONNACK has Response Information; the client's Request Response Information is not 1",
        offset: propertyAt(packet, size, "responseInformation"),
      };
    }),
  },
];
