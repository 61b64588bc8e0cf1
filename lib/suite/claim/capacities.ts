/** An amount of which a target takes only so much: how large, how long, how many. */
export interface Capacity {
  readonly name: string;
  /** What is counted, behind a number: `64 topic levels`. */
  readonly unit: string;
  /** What the value of a target says; the subject is the value. */
  readonly about: string;
  /** The most that a case of the suites that ship needs. Probing tries no more. */
  readonly most: number;
  /** The capacity that takes up at least as much: a topic of 100 levels has 100 bytes, and so has its packet. */
  readonly within?: string | undefined;
}

/** The longest text that a packet can hold, in bytes. */
const LONGEST_TEXT = 65_535;

/** The capacities of brokers and of modules. The table of the suite language's page is made of them. */
export const CAPACITIES = [
  {
    name: "largestPacket",
    unit: "bytes in a packet",
    about: "the bytes of the largest packet that the target takes",
    most: 2_100_000,
  },
  {
    name: "topicLength",
    unit: "bytes in a topic",
    about: "the bytes of the longest topic name and topic filter",
    most: LONGEST_TEXT,
    within: "largestPacket",
  },
  {
    name: "topicLevels",
    unit: "topic levels",
    about: "the most levels of a topic",
    most: 10_010,
    within: "topicLength",
  },
  {
    name: "filtersInPacket",
    unit: "filters in a packet",
    about: "the most filters of a SUBSCRIBE or UNSUBSCRIBE",
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
    about: "the most messages of QoS 1 and 2 that the target takes from a client before they are done",
    most: 1_000,
  },
  {
    name: "queued",
    unit: "queued messages",
    about: "the most messages that wait for a client that is away or slow",
    most: 1_000,
  },
  {
    name: "retainedMessages",
    unit: "retained messages",
    about: "the most retained messages that the target keeps",
    most: 1_000,
  },
  {
    name: "clientIdLength",
    unit: "bytes in a client id",
    about: "the bytes of the longest client id",
    most: LONGEST_TEXT,
    within: "largestPacket",
  },
  {
    name: "hostMax",
    unit: "characters in a host",
    about: "of a module: the characters of the longest host that it opens a connection to",
    most: 100,
  },
  {
    name: "payloadMax",
    unit: "bytes in a payload",
    about: "of a module: the bytes of the longest payload that it publishes",
    most: 1000,
  },
  {
    name: "requestsAtOnce",
    unit: "requests at once",
    about:
      "of a module: the most SUB, UNS and PUB at QoS 1 and 2 that it takes while they wait for the broker",
    most: 3,
  },
  {
    name: "publishesAtOnce",
    unit: "messages at once",
    about: "of a module: the most PUB at QoS 1 and 2 that it takes while they wait for the broker",
    most: 3,
    within: "requestsAtOnce",
  },
] as const satisfies readonly Capacity[];

/** The name of a capacity. */
export type CapacityName = (typeof CAPACITIES)[number]["name"];

const BY_NAME: ReadonlyMap<string, Capacity> = new Map(CAPACITIES.map((one) => [one.name, one]));

/** The capacity of this name; undefined for any other word. */
export function capacityOf(name: string): Capacity | undefined {
  return BY_NAME.get(name);
}
