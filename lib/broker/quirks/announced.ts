import type { Property } from "../../mqtt/packet.ts";
import type { BrokerBehaviour } from "../behaviour.ts";
import type { Quirk } from "./quirk.ts";

const number = (name: string, value: number): Property => ({ name, value });

/** The properties of a CONNACK, including those whose value is the default and the client's Session Expiry Interval. */
function inFull(announces: BrokerBehaviour["announces"]): BrokerBehaviour["announces"] {
  const defaults = [
    number("receiveMaximum", 0xffff),
    number("retainAvailable", 1),
    number("wildcardSubscriptionAvailable", 1),
    number("subscriptionIdentifierAvailable", 1),
    number("sharedSubscriptionAvailable", 1),
  ];
  return (right, packet) => {
    const announced = announces(right, packet);
    const asked = packet.properties.filter(({ name }) => name === "sessionExpiryInterval");
    const missing = [...defaults, ...asked].filter((one) => !announced.some(({ name }) => name === one.name));
    return [...announced, ...missing];
  };
}

/** Limits of 5.0 that CONNACK announces and the broker keeps. */
export const ANNOUNCED_QUIRKS: readonly Quirk[] = [
  ...[1, 3].map((most): Quirk => ({
    id: `receive-maximum-${most}`,
    about: `CONNACK has Receive Maximum ${most}; a client that exceeds it is disconnected with 0x93`,
    lawful: "5.0 allows any Receive Maximum from 1; exceeding it (MQTT-3.3.4-7) is a protocol error",
    protocols: ["5.0"],
    values: { receiveMaximum: most },
    alter: (usual) => ({
      receiveMaximum: (version) => version === "5.0" ? most : usual.receiveMaximum(version),
    }),
  })),
  {
    id: "maximum-qos-1",
    about:
      "CONNACK has Maximum QoS 1; QoS 2 is granted as 1, and a QoS 2 PUBLISH ends the connection with 0x9B",
    lawful: "MQTT-3.2.2-9 to MQTT-3.2.2-12 of 5.0",
    protocols: ["5.0"],
    lacks: ["qos2"],
    alter: () => ({ maximumQos: 1 }),
  },
  {
    id: "maximum-qos-0",
    about:
      "CONNACK has Maximum QoS 0; QoS 1 and 2 are granted as 0, and a PUBLISH at QoS 1 or 2 ends the connection with 0x9B",
    lawful: "MQTT-3.2.2-9 to MQTT-3.2.2-12 of 5.0",
    protocols: ["5.0"],
    lacks: ["qos1", "qos2"],
    alter: () => ({ maximumQos: 0 }),
  },
  {
    id: "retain-unavailable",
    about:
      "CONNACK has Retain Available 0; a PUBLISH with RETAIN 1 ends the connection with 0x9A, and a will with it is refused",
    lawful: "MQTT-3.2.2-13 and MQTT-3.2.2-14 of 5.0",
    protocols: ["5.0"],
    lacks: ["retained"],
    alter: () => ({ retainAvailable: false }),
  },
  {
    id: "maximum-packet-size-512",
    about: "CONNACK has Maximum Packet Size 512; a larger packet ends the connection with 0x95",
    lawful: "MQTT-3.2.2-15 of 5.0; any size from 1 may be announced",
    protocols: ["5.0"],
    lacks: ["large-packets"],
    values: { largestPacket: 512 },
    alter: (usual) => ({
      maximumPacketSize: (configured, version) =>
        version === "5.0" ? 512 : usual.maximumPacketSize(configured, version),
    }),
  },
  ...[0, 1, 5, 65_535].map((most): Quirk => ({
    id: `topic-alias-maximum-${most}`,
    about: `CONNACK has Topic Alias Maximum ${most}; a higher alias ends the connection with 0x94`,
    lawful: "MQTT-3.2.2-17 and MQTT-3.3.2-9 of 5.0; any maximum may be announced, including 0",
    protocols: ["5.0"],
    values: { topicAliases: most },
    alter: () => ({ topicAliasMaximum: () => most }),
  })),
  {
    id: "wildcards-unavailable",
    about: "CONNACK has Wildcard Subscription Available 0; a wildcard ends the connection with 0xA2",
    lawful: "section 3.2.2.3.11 of 5.0",
    protocols: ["5.0"],
    lacks: ["wildcards"],
    alter: () => ({ wildcardsAvailable: false }),
  },
  {
    id: "subscription-ids-unavailable",
    about: "CONNACK has Subscription Identifiers Available 0; an identifier ends the connection with 0xA1",
    lawful: "section 3.2.2.3.12 of 5.0",
    protocols: ["5.0"],
    lacks: ["subscription-identifiers"],
    alter: () => ({ identifiersAvailable: false }),
  },
  {
    id: "shared-unavailable",
    about: "CONNACK has Shared Subscription Available 0; a shared subscription ends the connection with 0x9E",
    lawful: "section 3.2.2.3.13 of 5.0",
    protocols: ["5.0"],
    lacks: ["shared-subscriptions"],
    alter: () => ({ sharedAvailable: false }),
  },
  ...[2, 5].map((seconds): Quirk => ({
    id: `server-keep-alive-${seconds}`,
    about: `CONNACK has Server Keep Alive ${seconds}, and a client that is silent for ${
      seconds * 1.5
    } s is disconnected`,
    lawful: "MQTT-3.1.2-21 and MQTT-3.2.2-22 of 5.0: the client uses the server's value",
    protocols: ["5.0"],
    values: { cutOffWithin: `${2 * seconds + 1}s`, keepAlive: seconds },
    alter: () => ({ serverKeepAlive: seconds }),
  })),
  {
    id: "session-expiry-10",
    about:
      "Sessions are kept for at most 10 s; CONNACK has Session Expiry Interval 10 if the client requested more",
    lawful: "section 3.2.2.3.2 of 5.0: the client uses the server's value",
    protocols: ["5.0"],
    values: { sessionExpiry: 10 },
    alter: (usual) => ({
      sessionExpirySeconds: (asked, version) => {
        const seconds = usual.sessionExpirySeconds(asked, version);
        return version === "5.0" ? Math.min(seconds, 10) : seconds;
      },
    }),
  },
  {
    id: "session-expiry-0",
    about:
      "Sessions end with their connection; CONNACK has Session Expiry Interval 0 if the client requested more",
    lawful: "section 3.2.2.3.2 of 5.0: the client uses the server's value",
    protocols: ["5.0"],
    lacks: ["sessions"],
    values: { sessionExpiry: 0 },
    alter: (usual) => ({
      sessionExpirySeconds: (asked, version) =>
        version === "5.0" ? 0 : usual.sessionExpirySeconds(asked, version),
    }),
  },
  {
    id: "connack-in-full",
    about: "CONNACK also has the properties with default values, and the client's Session Expiry Interval",
    lawful: "5.0 lets a server omit them, but does not require it",
    protocols: ["5.0"],
    alter: (usual) => ({ announces: inFull(usual.announces) }),
  },
  {
    id: "connack-too-large-dropped",
    about:
      "A CONNACK with all properties that is larger than its client accepts is dropped, and the connection stays open",
    lawful:
      "MQTT-3.1.2-25 of 5.0: a server drops a packet that is too large, and goes on as if it had sent it",
    protocols: ["5.0"],
    alter: (usual) => ({ announces: inFull(usual.announces), dropsLargeConnack: true }),
  },
  {
    id: "connack-says-little",
    about:
      "CONNACK has no Maximum Packet Size if it is 1 MiB or more, and no Topic Alias Maximum, which forbids aliases",
    lawful: "5.0 lets a server omit both; without the second the maximum is 0",
    protocols: ["5.0"],
    values: { topicAliases: 0 },
    alter: (usual) => ({
      topicAliasMaximum: () => 0,
      announces: (right, packet) =>
        usual.announces(right, packet).filter(({ name, value }) =>
          !(name === "maximumPacketSize" && Number(value) >= 1024 * 1024) &&
          !(name === "topicAliasMaximum" && value === 0)
        ),
    }),
  },
  {
    id: "response-information",
    about: "CONNACK has Response Information if the client requests it",
    lawful: "MQTT-3.1.2-28 of 5.0 forbids it only if the client does not request it",
    protocols: ["5.0"],
    alter: (usual) => ({
      announces: (right, packet) => {
        const asked = packet.properties.some(({ name, value }) =>
          name === "requestResponseInformation" && value === 1
        );
        const more: Property[] = asked ? [{ name: "responseInformation", value: "responses/" }] : [];
        return [...usual.announces(right, packet), ...more];
      },
    }),
  },
];
