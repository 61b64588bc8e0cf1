import type { Draft, Loose, PacketType, Property } from "../../mqtt/packet.ts";
import type { Quirk } from "./quirk.ts";

type Listed = Loose<Property>;

const ANSWERS: readonly PacketType[] = [
  "CONNACK",
  "PUBACK",
  "PUBREC",
  "PUBREL",
  "PUBCOMP",
  "SUBACK",
  "UNSUBACK",
  "DISCONNECT",
  "AUTH",
];

/** Adds properties of the broker's own to packets of some types. */
function adding(
  packets: readonly PacketType[],
  ...remarks: readonly Property[]
): Pick<Quirk, "packets" | "alter"> {
  return {
    packets,
    alter: (usual) => ({
      remarks: (packet) => {
        const others = usual.remarks(packet);
        if (!packets.includes(packet.type)) return others;
        // Only a user property may occur in a packet more than once.
        const left = others.filter((one) => isUser(one) || !remarks.some(({ name }) => name === one.name));
        return [...left, ...remarks];
      },
    }),
  };
}

/** Changes the properties of packets of some types, if they have any. */
function listing(
  packets: readonly PacketType[],
  change: (properties: readonly Listed[]) => readonly Listed[],
): Pick<Quirk, "packets" | "alter"> {
  const changed = (draft: Draft): Draft => {
    if (!packets.includes(draft.type) || draft.type === "PINGREQ" || draft.type === "PINGRESP") return draft;
    return draft.properties ? { ...draft, properties: change(draft.properties) } : draft;
  };
  return {
    packets,
    alter: (usual) => ({
      outgoing: (packet, version) => usual.outgoing(packet, version).map(changed),
    }),
  };
}

const isUser = ({ name }: Pick<Listed, "name">) => name === "userProperty";
const isIdentifier = ({ name }: Listed) => name === "subscriptionIdentifier";
const reasonString = (size: number): Property => ({
  name: "reasonString",
  value: "as you like it ".repeat(Math.ceil(size / 15)).slice(0, size),
});
const userProperty = (name: string, value: string): Property => ({
  name: "userProperty",
  value: [name, value],
});

/** Quirks of the properties of 5.0. */
export const PROPERTY_QUIRKS: readonly Quirk[] = [
  {
    id: "reason-strings",
    about: "Every answer that may have a reason string has one, unless the client forbids them",
    lawful:
      "5.0 allows a reason string with any reason code; MQTT-3.1.2-29 and the client's Maximum Packet " +
      "Size limit it",
    protocols: ["5.0"],
    ...adding(ANSWERS, reasonString(14)),
  },
  {
    id: "reason-strings-long",
    about: "Reason strings have 1,000 characters if the client's Maximum Packet Size allows that",
    lawful: "5.0 sets no limit except the client's Maximum Packet Size",
    protocols: ["5.0"],
    ...adding(ANSWERS, reasonString(1_000)),
  },
  {
    id: "user-properties-in-answers",
    about: "Every answer has two user properties with the same name, unless the client forbids them",
    lawful: "5.0 allows user properties in all answers, and the same name more than once",
    protocols: ["5.0"],
    ...adding(ANSWERS, userProperty("broker", "one"), userProperty("broker", "two")),
  },
  {
    id: "user-property-in-deliveries",
    about: "Every message has one of the broker's user properties after those of its publisher",
    lawful:
      "MQTT-3.3.2-17 and MQTT-3.3.2-18 of 5.0 keep the publisher's and their order, but forbid no others",
    protocols: ["5.0"],
    ...adding(["PUBLISH"], userProperty("broker", "passed on")),
  },
  {
    id: "properties-reversed",
    about: "The properties of a packet are in reverse order, except its user properties",
    lawful: "in 5.0 the order of properties has no meaning, except that of user properties",
    protocols: ["5.0"],
    ...listing([...ANSWERS, "PUBLISH"], (properties) => [
      ...properties.filter(isUser),
      ...properties.filter((one) => !isUser(one)).toReversed(),
    ]),
  },
  {
    id: "subscription-ids-reversed",
    about: "The subscription identifiers of a message are in reverse order",
    lawful: "MQTT-3.3.4-4 of 5.0: their order is not significant",
    protocols: ["5.0"],
    ...listing(["PUBLISH"], (properties) => [
      ...properties.filter((one) => !isIdentifier(one)),
      ...properties.filter(isIdentifier).toReversed(),
    ]),
  },
  {
    id: "payload-format-0-dropped",
    about: "A Payload Format Indicator of 0 is not forwarded",
    lawful: "in 5.0 a value of 0 is the same as no Payload Format Indicator",
    protocols: ["5.0"],
    ...listing(
      ["PUBLISH"],
      (properties) =>
        properties.filter(({ name, value }) => name !== "payloadFormatIndicator" || value !== 0),
    ),
  },
  {
    id: "expiry-rounded-down",
    about: "The Message Expiry Interval of a delivery is rounded down to whole seconds, not below 1",
    lawful: "MQTT-3.3.2-6 of 5.0 subtracts the time that the message waited, but defines no rounding",
    protocols: ["5.0"],
    ...listing(
      ["PUBLISH"],
      (properties) =>
        properties.map((one) =>
          one.name === "messageExpiryInterval" && typeof one.value === "number" && one.value > 1
            ? { ...one, value: one.value - 1 }
            : one
        ),
    ),
  },
];
