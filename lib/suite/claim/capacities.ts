/** A limit of a target: how large, how long or how many of something it accepts. */
export interface Capacity {
  readonly name: string;
  /** The unit after a number: `64 topic levels`. */
  readonly unit: string;
  /** What the target's value means, as a noun phrase. */
  readonly about: string;
  /** The most that any shipped case needs. Probing stops there. */
  readonly most: number;
  /**
   * The capacity that this one counts against as well: a topic of 100 levels has at least 100 bytes, and so
   * has its packet.
   */
  readonly within?: string | undefined;
}

/** The longest text in a packet, in bytes. */
const LONGEST_TEXT = 65_535;

/** The capacities of brokers and modules. The suite language's reference page lists them. */
export const CAPACITIES = [
  {
    name: "largestPacket",
    unit: "bytes in a packet",
    about: "the size of the largest packet that the target accepts, in bytes",
    most: 2_100_000,
  },
  {
    name: "topicLength",
    unit: "bytes in a topic",
    about: "the length of the longest topic name and topic filter, in bytes",
    most: LONGEST_TEXT,
    within: "largestPacket",
  },
  {
    name: "topicLevels",
    unit: "topic levels",
    about: "the most levels in a topic",
    most: 10_010,
    within: "topicLength",
  },
  {
    name: "filtersInPacket",
    unit: "filters in a packet",
    about: "the most filters in a SUBSCRIBE or UNSUBSCRIBE",
    most: 510,
  },
  {
    name: "subscriptions",
    unit: "subscriptions of a client",
    about: "the most subscriptions of one client",
    most: 1_010,
  },
  {
    name: "inFlight",
    unit: "messages in flight to a client",
    about: "the most messages of QoS 1 and 2 that the target sends a client before an acknowledgement",
    most: 310,
  },
  {
    name: "receiveMaximum",
    unit: "messages in flight from a client",
    about: "the most messages of QoS 1 and 2 that the target accepts from a client before they are complete",
    most: 1_000,
  },
  {
    name: "topicAliases",
    unit: "topic aliases",
    about: "the highest topic alias that the target accepts (5.0)",
    most: 65_535,
  },
  {
    name: "keepAlive",
    unit: "seconds of Keep Alive",
    about: "the longest Keep Alive that the target accepts, in seconds (5.0)",
    most: 65_535,
  },
  {
    name: "sessionExpiry",
    unit: "seconds until a session expires",
    about: "the longest Session Expiry Interval that the target accepts, in seconds (5.0)",
    most: 0xffff_fffe,
  },
  {
    name: "queued",
    unit: "queued messages",
    about: "the most messages queued for a client that is offline or slow",
    most: 1_000,
  },
  {
    name: "retainedMessages",
    unit: "retained messages",
    about: "the most retained messages that the target stores",
    most: 1_000,
  },
  {
    name: "clientIdLength",
    unit: "bytes in a client id",
    about: "the length of the longest client id, in bytes",
    most: LONGEST_TEXT,
    within: "largestPacket",
  },
  {
    name: "hostMax",
    unit: "characters in a host",
    about: "for a module: the length of the longest host name that it connects to, in characters",
    most: 100,
  },
  {
    name: "payloadMax",
    unit: "bytes in a payload",
    about: "for a module: the size of the largest payload that it publishes, in bytes",
    most: 1000,
  },
  {
    name: "requestsAtOnce",
    unit: "requests at once",
    about:
      "for a module: the most SUB, UNS and PUB at QoS 1 and 2 that it accepts while they wait for the broker",
    most: 3,
  },
  {
    name: "publishesAtOnce",
    unit: "messages at once",
    about: "for a module: the most PUB at QoS 1 and 2 that it accepts while they wait for the broker",
    most: 3,
    within: "requestsAtOnce",
  },
] as const satisfies readonly Capacity[];

/** The name of a capacity. */
export type CapacityName = (typeof CAPACITIES)[number]["name"];

const BY_NAME: ReadonlyMap<string, Capacity> = new Map(CAPACITIES.map((one) => [one.name, one]));

/** Returns the capacity with this name, or undefined. */
export function capacityOf(name: string): Capacity | undefined {
  return BY_NAME.get(name);
}
