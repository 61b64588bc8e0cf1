import { quoteEscaped } from "../../../ground/text.ts";
import type { PublishPacket } from "../../packet.ts";
import { propertyAt } from "../offsets.ts";
import { numbersOf } from "../property_value.ts";
import { type LedgerRule, on, only5, type Scene } from "../rule.ts";
import { repetitionOf } from "../sending.ts";

/**
 * Rules for deliveries, which follow from subscriptions. A server may create subscriptions for a client
 * [section 4.5], so most of these rules apply only if the options say that it does not.
 */
export const DELIVERING_RULES: readonly LedgerRule[] = [
  {
    id: "delivery-unsubscribed",
    who: "server",
    clauses: { "3.1": [], "3.1.1": ["MQTT-3.3.2-3"], "5.0": ["MQTT-3.3.2-3"] },
    about: "The topic of a delivery matches a filter that the client has subscribed to in this session.",
    needs: "session",
    ...on(["PUBLISH"], (packet, scene) => {
      const topic = judgedTopic(packet, scene);
      if (topic === undefined || scene.session?.subscriptions.highestQoS(topic) !== undefined) {
        return undefined;
      }
      return { message: `The client has subscribed to no filter that matches topic ${quoteEscaped(topic)}` };
    }),
  },
  {
    id: "delivery-above-granted-qos",
    who: "server",
    clauses: { "3.1": ["MQTT31-3.8-4"], "3.1.1": ["MQTT-3.8.4-6"], "5.0": ["MQTT-3.8.4-8"] },
    about: "The QoS of a delivery does not exceed the highest QoS that was granted to a matching filter.",
    needs: "session",
    ...on(["PUBLISH"], (packet, scene) => {
      const topic = judgedTopic(packet, scene);
      if (topic === undefined) return undefined;
      const most = scene.session?.subscriptions.highestQoS(topic);
      if (most === undefined || packet.qos <= most) return undefined;
      return {
        message: `The delivery has QoS ${packet.qos}; the matching filters were granted QoS ${most} at most`,
      };
    }),
  },
  {
    id: "retain-on-live-delivery",
    who: "server",
    clauses: { "3.1": ["MQTT31-2.1-5"], "3.1.1": ["MQTT-3.3.1-9"], "5.0": ["MQTT-3.3.1-12"] },
    about: "RETAIN is 1 only on retained messages sent because of a SUBSCRIBE, once for each matching " +
      "filter, and on other messages if Retain As Published is set.",
    needs: "session",
    ...on(["PUBLISH"], (packet, scene) => {
      const topic = judgedTopic(packet, scene);
      if (topic === undefined || !packet.retain || packet.dup || repetitionOf(packet, scene)?.same) {
        return undefined;
      }
      const subscriptions = scene.session?.subscriptions;
      // If no filter matches, that rule reports it.
      if (subscriptions?.highestQoS(topic) === undefined) return undefined;
      const before = scene.session?.retainedDeliveries(topic);
      const most = subscriptions.retainedMessages(topic);
      if (before === undefined || before < most) return undefined;
      return {
        message: `This is delivery number ${
          before + 1
        } with RETAIN 1 for its topic; the subscriptions account for ${most}`,
      };
    }),
  },
  {
    id: "subscription-identifier-foreign",
    who: "server",
    clauses: only5("MQTT-3.3.4-3"),
    about: "A delivery has only Subscription Identifiers that the client has used to subscribe to a " +
      "matching filter.",
    needs: "session",
    ...on(["PUBLISH"], (packet, scene) => {
      const subscriptions = scene.session?.subscriptions;
      if (!subscriptions?.complete) return undefined;
      const topic = scene.connection.topicOf(packet, scene.by);
      const foreign = numbersOf(packet.properties, "subscriptionIdentifier")
        .find((identifier) => !subscriptions.hasIdentifier(identifier, topic));
      if (foreign === undefined) return undefined;
      return {
        message: `No filter that matches the topic has Subscription Identifier ${foreign}`,
        offset: propertyAt(packet, scene.size, "subscriptionIdentifier"),
      };
    }),
  },
  {
    id: "subscription-identifier-from-client",
    who: "client",
    clauses: only5("MQTT-3.3.4-6"),
    about: "A client's PUBLISH has no Subscription Identifier.",
    needs: "nothing",
    encoding: "property-misplaced",
    ...on(["PUBLISH"], (packet, { size }) => {
      const [identifier] = numbersOf(packet.properties, "subscriptionIdentifier");
      if (identifier === undefined) return undefined;
      return {
        message: `The client's PUBLISH has Subscription Identifier ${identifier}; it must have none`,
        offset: propertyAt(packet, size, "subscriptionIdentifier"),
      };
    }),
  },
];

/**
 * Returns the topic of a delivery that the client's subscriptions must account for, or undefined if that is
 * unknown.
 */
function judgedTopic(packet: PublishPacket, { manner, session, connection, by }: Scene): string | undefined {
  if (manner.assignsSubscriptions || !session?.subscriptions.complete) return undefined;
  return connection.topicOf(packet, by);
}
