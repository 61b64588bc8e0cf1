import { quoteEscaped } from "../../../ground/text.ts";
import type { Announced } from "../announced.ts";
import { otherEnd } from "../connection.ts";
import { propertyAt } from "../offsets.ts";
import { numberOf } from "../property_value.ts";
import { ALL_PACKETS, clientKnows, counted, type LedgerRule, on, only5, type Scene } from "../rule.ts";
import { repetitionOf } from "../sending.ts";

/** Limits that the receiver has announced, and features that the server has said it does not have. */
export const LIMITING_RULES: readonly LedgerRule[] = [
  {
    id: "receive-maximum-exceeded",
    who: "both",
    clauses: { "5.0": { client: ["MQTT-3.3.4-7"], server: ["MQTT-3.3.4-9"] } },
    about:
      "No more PUBLISHes of QoS 1 and 2 are on their way on a connection than the receiver's Receive Maximum; PUBACK, PUBCOMP and a refusing PUBREC end one.",
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
    about: "No packet is larger than the Maximum Packet Size that the receiver has announced.",
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
    about: "A client publishes at no higher QoS than the server's Maximum QoS.",
    needs: "nothing",
    ...on(["PUBLISH"], ({ qos, dup }, scene) => {
      const most = limits(scene)?.maximumQoS;
      // What a session has left from before has to be sent again as it was.
      if (most === undefined || qos <= most || dup) return undefined;
      return { message: `PUBLISH has QoS ${qos}; the server's Maximum QoS is ${most}` };
    }),
  },
  {
    id: "retain-unavailable",
    who: "client",
    clauses: only5("MQTT-3.2.2-14"),
    about: "A client publishes nothing with RETAIN 1 where the server's Retain Available is 0.",
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
    about:
      "A client subscribes to no filter with wildcards where the server's Wildcard Subscription Available is 0.",
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
    about:
      "A client's SUBSCRIBE has no Subscription Identifier where the server's Subscription Identifier Available is 0.",
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
    about: "A client makes no shared subscription where the server's Shared Subscription Available is 0.",
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

/** What the receiver takes; undefined where it has not announced it, or where the sender cannot know it yet. */
function limits(scene: Scene): Announced | undefined {
  if (scene.by === "client" && !clientKnows(scene)) return undefined;
  return scene.connection.announced(otherEnd(scene.by));
}
