import { otherEnd } from "../connection.ts";
import { propertyAt } from "../offsets.ts";
import { numberOf } from "../property_value.ts";
import { clientKnows, type LedgerRule, on, only5 } from "../rule.ts";

/**
 * Rules for topic aliases: within the receiver's limit, and set on this connection before they are used
 * alone.
 */
export const ALIASING_RULES: readonly LedgerRule[] = [
  {
    id: "topic-alias-above-maximum",
    who: "both",
    clauses: {
      "5.0": {
        client: ["MQTT-3.3.2-9", "MQTT-3.2.2-18"],
        server: ["MQTT-3.3.2-11", "MQTT-3.1.2-27"],
      },
    },
    about:
      "A Topic Alias does not exceed the Topic Alias Maximum that the receiver has announced, which is " +
      "0 by default.",
    needs: "nothing",
    ...on(["PUBLISH"], (packet, scene) => {
      const { by, connection, size } = scene;
      const alias = numberOf(packet.properties, "topicAlias");
      const most = connection.announced(otherEnd(by))?.topicAliasMaximum;
      if (alias === undefined || most === undefined || alias <= most) return undefined;
      if (by === "client" && !clientKnows(scene)) return undefined;
      const none = by === "client" ? "MQTT-3.2.2-18" : "MQTT-3.1.2-27";
      return {
        message: `Topic Alias is ${alias}; the ${otherEnd(by)}'s Topic Alias Maximum is ${most}`,
        offset: propertyAt(packet, size, "topicAlias"),
        clause: most === 0 ? none : undefined,
      };
    }),
  },
  {
    id: "topic-alias-unknown",
    who: "both",
    clauses: only5("MQTT-3.3.2-7"),
    about:
      "The sender of a Topic Alias without a topic name has set the alias before on the same connection.",
    needs: "connection",
    ...on(["PUBLISH"], (packet, { by, connection, size }) => {
      const alias = numberOf(packet.properties, "topicAlias");
      if (packet.topic !== "" || alias === undefined || alias === 0 || connection.aliases[by].has(alias)) {
        return undefined;
      }
      return {
        message: `Topic Alias ${alias} has no topic; the ${by} has not set it on this connection`,
        offset: propertyAt(packet, size, "topicAlias"),
      };
    }),
  },
];
