import { quoteEscaped } from "../../../ground/text.ts";
import type { Announced } from "../announced.ts";
import { otherEnd } from "../connection.ts";
import { propertyAt } from "../offsets.ts";
import { numberOf } from "../property_value.ts";
import { ALL_PACKETS, clientKnows, counted, type LedgerRule, on, only5, type Scene } from "../rule.ts";
import { repetitionOf } from "../sending.ts";

/** Rules for the limits that the receiver has announced, and for features that the server lacks. */
export const LIMITING_RULES: readonly LedgerRule[] = [
  {
    id: "receive-maximum-exceeded",
    who: "both",
    clauses: { "5.0": { client: ["MQTT-3.3.4-7"], server: ["MQTT-3.3.4-9"] } },
    about: "The number of unacknowledged PUBLISHes of QoS 1 and 2 on a connection does not exceed the " +
      "receiver's Receive Maximum; PUBACK, PUBCOMP and a refusing PUBREC acknowledge one.",
    needs: "nothing",
    ...on(["PUBLISH"], (packet, scene) => {
      const { by, connection } = scene;
      const most = limits(scene)?.receiveMaximum;
      if (packet.qos === 0 || most === undefined || connection.unacknowledged[by] < most) return undefined;
      const found = repetitionOf(packet, scene);
      if (packet.dup && found?.same && found.here) return undefined;
      return {
        message:
          `This is QoS 1 or 2 PUBLISH number ${
            connection.unacknowledged[by] + 1
          } without an acknowledgement; ` +
          `the ${otherEnd(by)}'s Receive Maximum is ${most}`,
      };
    }),
  },
  {
    id: "maximum-packet-size-exceeded",
    who: "both",
    clauses: { "5.0": { client: ["MQTT-3.2.2-15"], server: ["MQTT-3.1.2-24"] } },
    about: "No packet exceeds the Maximum Packet Size that the receiver has announced.",
    needs: "nothing",
    ...on(ALL_PACKETS, ({ type }, scene) => {
      const most = limits(scene)?.maximumPacketSize;
      if (most === undefined || scene.size <= most) return undefined;
      return {
        message: `${type} has ${counted(scene.size, "byte")}; the ${
          otherEnd(scene.by)
        }'s Maximum Packet Size is ${most}`,
        offset: 1,
      };
    }),
  },
  {
    id: "maximum-qos-exceeded",
    who: "client",
    clauses: only5("MQTT-3.2.2-11"),
    about: "A client does not publish at a higher QoS than the server's Maximum QoS.",
    needs: "nothing",
    ...on(["PUBLISH"], ({ qos, dup }, scene) => {
      const most = limits(scene)?.maximumQoS;
      // Messages left from an earlier connection of the session must be resent unchanged.
      if (most === undefined || qos <= most || dup) return undefined;
      return { message: `PUBLISH has QoS ${qos}; the server's Maximum QoS is ${most}` };
    }),
  },
  {
    id: "retain-unavailable",
    who: "client",
    clauses: only5("MQTT-3.2.2-14"),
    about: "A client does not publish with RETAIN 1 if the server's Retain Available is 0.",
    needs: "nothing",
    ...on(["PUBLISH"], ({ retain, dup }, scene) => {
      if (!retain || dup || (limits(scene)?.retainAvailable ?? true)) return undefined;
      return { message: "PUBLISH has RETAIN 1; the server's Retain Available is 0" };
    }),
  },
  {
    id: "wildcard-unavailable",
    who: "client",
    clauses: only5(),
    about: "A client does not subscribe to filters with wildcards if the server's Wildcard Subscription " +
      "Available is 0.",
    needs: "nothing",
    ...on(["SUBSCRIBE"], ({ subscriptions }, scene) => {
      const found = subscriptions.find(({ filter }) => /[+#]/.test(filter));
      if (!found || (limits(scene)?.wildcardSubscriptionAvailable ?? true)) return undefined;
      return {
        message: `SUBSCRIBE has filter ${
          quoteEscaped(found.filter)
        }; the server's Wildcard Subscription Available is 0`,
      };
    }),
  },
  {
    id: "subscription-identifier-unavailable",
    who: "client",
    clauses: only5(),
    about: "A client's SUBSCRIBE has no Subscription Identifier if the server's Subscription Identifier " +
      "Available is 0.",
    needs: "nothing",
    ...on(["SUBSCRIBE"], (packet, scene) => {
      const identifier = numberOf(packet.properties, "subscriptionIdentifier");
      if (identifier === undefined || (limits(scene)?.subscriptionIdentifierAvailable ?? true)) {
        return undefined;
      }
      return {
        message:
          `SUBSCRIBE has Subscription Identifier ${identifier}; the server's Subscription Identifier Available is 0`,
        offset: propertyAt(packet, scene.size, "subscriptionIdentifier"),
      };
    }),
  },
  {
    id: "shared-subscription-unavailable",
    who: "client",
    clauses: only5(),
    about: "A client makes no shared subscription if the server's Shared Subscription Available is 0.",
    needs: "nothing",
    ...on(["SUBSCRIBE"], ({ subscriptions }, scene) => {
      const found = subscriptions.find(({ filter }) => filter.startsWith("$share/"));
      if (!found || (limits(scene)?.sharedSubscriptionAvailable ?? true)) return undefined;
      return {
        message: `SUBSCRIBE has filter ${
          quoteEscaped(found.filter)
        }; the server's Shared Subscription Available is 0`,
      };
    }),
  },
];

/**
 * Returns the receiver's limits, or undefined if it has not announced them or the sender cannot know them
 * yet.
 */
function limits(scene: Scene): Announced | undefined {
  if (scene.by === "client" && !clientKnows(scene)) return undefined;
  return scene.connection.announced(otherEnd(scene.by));
}
