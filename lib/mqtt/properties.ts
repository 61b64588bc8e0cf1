import type { PacketType } from "./packet.ts";
import { REASONED_TYPES } from "./reasons.ts";

/** The encoding of a property's value [5.0 section 1.5]. */
export type PropertyType = "byte" | "two-byte" | "four-byte" | "variable" | "text" | "binary" | "pair";

/** The owner of a property list: a packet, or the will inside a CONNECT. */
export type PropertyOwner = PacketType | "WILL";

/** The standard's rules for one property [5.0 section 2.2.2.2]. */
export interface PropertyRule {
  readonly id: number;
  /** The standard's name in camel case. */
  readonly name: string;
  readonly type: PropertyType;
  readonly owners: readonly PropertyOwner[];
  /** The owners in which it may occur more than once. */
  readonly repeats: readonly PropertyOwner[];
  /** The smallest and largest allowed number, both inclusive; absent for text and binary data. */
  readonly range?: readonly [least: number, most: number] | undefined;
  /** A unique bit for this property in sets of properties. */
  readonly bit: number;
}

/** The largest value of a variable byte integer. */
export const VARIABLE_MAX = 268_435_455;

const EVERYWHERE: readonly PropertyOwner[] = [
  ...REASONED_TYPES,
  "CONNECT",
  "WILL",
  "PUBLISH",
  "SUBSCRIBE",
  "UNSUBSCRIBE",
];
const MESSAGE: readonly PropertyOwner[] = ["PUBLISH", "WILL"];

type Row = readonly [
  id: number,
  name: string,
  type: PropertyType,
  owners: readonly PropertyOwner[],
  range?: readonly [number, number] | undefined,
  repeats?: readonly PropertyOwner[],
];

const FLAG = [0, 1] as const;
const TWO_BYTES = [0, 0xffff] as const;
const FOUR_BYTES = [0, 0xffff_ffff] as const;

const ROWS: readonly Row[] = [
  [1, "payloadFormatIndicator", "byte", MESSAGE, FLAG],
  [2, "messageExpiryInterval", "four-byte", MESSAGE, FOUR_BYTES],
  [3, "contentType", "text", MESSAGE],
  [8, "responseTopic", "text", MESSAGE],
  [9, "correlationData", "binary", MESSAGE],
  [11, "subscriptionIdentifier", "variable", ["PUBLISH", "SUBSCRIBE"], [1, VARIABLE_MAX], ["PUBLISH"]],
  [17, "sessionExpiryInterval", "four-byte", ["CONNECT", "CONNACK", "DISCONNECT"], FOUR_BYTES],
  [18, "assignedClientIdentifier", "text", ["CONNACK"]],
  [19, "serverKeepAlive", "two-byte", ["CONNACK"], TWO_BYTES],
  [21, "authenticationMethod", "text", ["CONNECT", "CONNACK", "AUTH"]],
  [22, "authenticationData", "binary", ["CONNECT", "CONNACK", "AUTH"]],
  [23, "requestProblemInformation", "byte", ["CONNECT"], FLAG],
  [24, "willDelayInterval", "four-byte", ["WILL"], FOUR_BYTES],
  [25, "requestResponseInformation", "byte", ["CONNECT"], FLAG],
  [26, "responseInformation", "text", ["CONNACK"]],
  [28, "serverReference", "text", ["CONNACK", "DISCONNECT"]],
  [31, "reasonString", "text", REASONED_TYPES],
  [33, "receiveMaximum", "two-byte", ["CONNECT", "CONNACK"], [1, 0xffff]],
  [34, "topicAliasMaximum", "two-byte", ["CONNECT", "CONNACK"], TWO_BYTES],
  [35, "topicAlias", "two-byte", ["PUBLISH"], [1, 0xffff]],
  [36, "maximumQoS", "byte", ["CONNACK"], FLAG],
  [37, "retainAvailable", "byte", ["CONNACK"], FLAG],
  [38, "userProperty", "pair", EVERYWHERE, undefined, EVERYWHERE],
  [39, "maximumPacketSize", "four-byte", ["CONNECT", "CONNACK"], [1, 0xffff_ffff]],
  [40, "wildcardSubscriptionAvailable", "byte", ["CONNACK"], FLAG],
  [41, "subscriptionIdentifierAvailable", "byte", ["CONNACK"], FLAG],
  [42, "sharedSubscriptionAvailable", "byte", ["CONNACK"], FLAG],
];

/** The 27 properties of MQTT 5.0 in the order of their identifiers. */
export const PROPERTIES: readonly PropertyRule[] = ROWS.map((
  [id, name, type, owners, range, repeats],
  n,
) => ({
  id,
  name,
  type,
  owners,
  repeats: repeats ?? [],
  range,
  bit: 1 << n,
}));

const BY_NAME = new Map(PROPERTIES.map((rule) => [rule.name, rule]));
const BY_ID: readonly (PropertyRule | undefined)[] = Array.from(
  { length: 43 },
  (_, id) => PROPERTIES.find((rule) => rule.id === id),
);

/** Returns the property with this name (`sessionExpiryInterval`). */
export function propertyNamed(name: string): PropertyRule | undefined {
  return BY_NAME.get(name);
}

/** Returns the property with this identifier (17). */
export function propertyWithId(id: number): PropertyRule | undefined {
  return BY_ID[id];
}
