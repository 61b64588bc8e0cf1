import {
  CONNECT_FIELDS,
  type FieldRows,
  type FieldType,
  MESSAGE_FIELDS,
  SUBSCRIPTION_FIELDS,
  WILL_FIELDS,
} from "../../mqtt/fields.ts";
import { PACKET_TYPES, type PacketType } from "../../mqtt/packet.ts";
import { PROPERTIES } from "../../mqtt/properties.ts";
import { boolean as BIT } from "./kind/boolean.ts";
import { integer } from "./kind/integer.ts";
import { length } from "./kind/length.ts";
import { listOf } from "./kind/list.ts";
import { pair } from "./kind/pair.ts";
import { properties } from "./kind/properties.ts";
import { record } from "./kind/record.ts";
import { bytes as BYTES, text as TEXT } from "./kind/text.ts";
import { type Field, type FieldKind, type FieldRow, type FieldTable, fieldTable } from "./kind.ts";

const BYTE = integer(0xff);
const TWO_BYTES = integer(0xffff);
const SIZES = listOf(integer(268_435_460));

/** The 5.0 properties. Every packet accepts all of them, because a test has to send wrong ones too. */
const PROPERTY_FIELDS: FieldTable = new Map(
  PROPERTIES.map(({ id, name, type }) =>
    [name, { kind: propertyKind(type), about: `property ${id}` }] as const
  ),
);

/** The properties of a packet. */
export const PROPERTY_LIST: Field = {
  kind: properties(PROPERTY_FIELDS),
  about: "5.0 properties by name; not sent in 3.1 and 3.1.1",
};

function propertyKind(type: typeof PROPERTIES[number]["type"]): FieldKind {
  switch (type) {
    case "byte":
      return BYTE;
    case "two-byte":
      return TWO_BYTES;
    case "four-byte":
      return integer(0xffff_ffff);
    case "variable":
      return integer(268_435_455);
    case "text":
      return TEXT;
    case "binary":
      return BYTES;
    case "pair":
      return pair;
  }
}

function withProperties(fields: FieldTable): FieldTable {
  return new Map([...fields, ["properties", PROPERTY_LIST]]);
}

const PLAIN_KINDS = {
  text: TEXT,
  binary: BYTES,
  byte: BYTE,
  "two-byte": TWO_BYTES,
  "two-bit": integer(3),
  bit: BIT,
} as const satisfies Partial<Record<FieldType, FieldKind>>;

const WILL = withProperties(fieldTable(rows(WILL_FIELDS)));

const KINDS: Readonly<Record<FieldType, FieldKind>> = { ...PLAIN_KINDS, will: record("a will", WILL) };

/** The rows of a table of fields, in the kinds of a step. A will has no will inside. */
function rows<T extends FieldRows>(fields: T): Readonly<Record<keyof T & string, FieldRow>>;
function rows(fields: FieldRows): Readonly<Record<string, FieldRow>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, [type, about]]) =>
      [name, [type === "will" ? KINDS.will : PLAIN_KINDS[type], about]] as const
    ),
  );
}

const OPTIONS = rows(SUBSCRIPTION_FIELDS);

const SUBSCRIPTION = fieldTable(OPTIONS);

const PACKET_ID = [TWO_BYTES, "Packet Identifier"] as const;
const REASON = [BYTE, "Reason Code"] as const;
const ACK = fieldTable({ packetId: PACKET_ID, reason: REASON });

const TABLES: Readonly<Record<PacketType, FieldTable>> = {
  CONNECT: fieldTable({
    ...rows(CONNECT_FIELDS),
    cleanSession: [BIT, "the same as cleanStart", "cleanStart"],
  }),
  CONNACK: fieldTable({
    sessionPresent: [BIT, "Session Present"],
    reason: [BYTE, "Connect Reason Code (5.0), Connect Return code (3.x)"],
    returnCode: [BYTE, "the same as reason", "reason"],
  }),
  PUBLISH: fieldTable({ ...rows(MESSAGE_FIELDS), dup: [BIT, "DUP flag"], packetId: PACKET_ID }),
  PUBACK: ACK,
  PUBREC: ACK,
  PUBREL: ACK,
  PUBCOMP: ACK,
  SUBSCRIBE: fieldTable({
    packetId: PACKET_ID,
    subscriptions: [
      listOf(record("a subscription", SUBSCRIPTION)),
      "all filters",
    ],
    filter: [TEXT, "the only filter", "subscriptions"],
    qos: [OPTIONS.qos[0], OPTIONS.qos[1], "subscriptions"],
    noLocal: [OPTIONS.noLocal[0], OPTIONS.noLocal[1], "subscriptions"],
    retainAsPublished: [OPTIONS.retainAsPublished[0], OPTIONS.retainAsPublished[1], "subscriptions"],
    retainHandling: [OPTIONS.retainHandling[0], OPTIONS.retainHandling[1], "subscriptions"],
  }),
  SUBACK: fieldTable({
    packetId: PACKET_ID,
    reasons: [listOf(BYTE), "one code per filter"],
    reason: [BYTE, "the only code", "reasons"],
  }),
  UNSUBSCRIBE: fieldTable({
    packetId: PACKET_ID,
    filters: [listOf(TEXT), "all filters"],
    filter: [TEXT, "the only filter", "filters"],
  }),
  UNSUBACK: fieldTable({
    packetId: PACKET_ID,
    reasons: [listOf(BYTE), "5.0: one code per filter"],
    reason: [BYTE, "5.0: the only code", "reasons"],
  }),
  PINGREQ: new Map(),
  PINGRESP: new Map(),
  DISCONNECT: fieldTable({ reason: REASON }),
  AUTH: fieldTable({ reason: REASON }),
};

const FIELDS: ReadonlyMap<PacketType, FieldTable> = new Map(
  PACKET_TYPES.map((type) =>
    [
      type,
      type === "PINGREQ" || type === "PINGRESP" ? TABLES[type] : withProperties(TABLES[type]),
    ] as const
  ),
);

/** Returns the fields of a packet that a step may use, including short forms. */
export function fieldsOf(type: PacketType): FieldTable {
  return FIELDS.get(type) ?? new Map();
}

/** How a step overrides the bytes of a packet and splits them into writes. */
export const WIRE_FIELDS: FieldTable = fieldTable({
  flags: [integer(0xf), "the low four bits of the first byte"],
  typeBits: [integer(0xf), "the high four bits of the first byte"],
  connectFlags: [BYTE, "the flag byte of a CONNECT"],
  remainingLength: [length, "the Remaining Length: any number, or its bytes"],
  propertyLength: [length, "the Property Length: any number, or its bytes"],
  body: [BYTES, "everything after the fixed header"],
  append: [BYTES, "bytes added to the body and counted in the Remaining Length"],
  truncate: [integer(268_435_460), "cut the packet to this many bytes"],
  pieces: [SIZES, "the sizes of the writes; the last write takes the rest"],
  bytewise: [BIT, "each byte in its own write"],
  frames: [
    SIZES,
    "the sizes of the WebSocket messages that carry it; the last one takes the rest",
  ],
  fragments: [
    SIZES,
    "the sizes of the WebSocket frames of the one message that carries it; the last one takes the rest",
  ],
});

/** The fields among them that only split bytes. */
export const CUT_FIELDS: readonly string[] = ["pieces", "bytewise", "frames", "fragments"];

/** The fields of a WebSocket frame to send. */
export const FRAME_FIELDS: FieldTable = fieldTable({
  opcode: [integer(0xf), "0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong"],
  payload: [BYTES, "the payload"],
  final: [BIT, "FIN, whether it is the last frame of its message; default true"],
  reserved: [integer(7), "RSV1 to RSV3, 4 being RSV1; default 0"],
  masked: [BIT, "whether it is masked, as a client's must be; default true"],
});

/** The fields of the response to a WebSocket upgrade request. */
export const UPGRADE_FIELDS: FieldTable = fieldTable({
  status: [integer(999), "the HTTP status; 101 if the connection is a WebSocket now"],
  subprotocol: [TEXT, "the subprotocol that the server selected"],
});

/** The packets that a broker may send, in any version. */
export const FROM_BROKER: readonly PacketType[] = [
  "CONNACK",
  "PUBLISH",
  "PUBACK",
  "PUBREC",
  "PUBREL",
  "PUBCOMP",
  "SUBACK",
  "UNSUBACK",
  "PINGRESP",
  "DISCONNECT",
  "AUTH",
];

/** The packets that a client may send, in any version. */
export const FROM_CLIENT: readonly PacketType[] = [
  "CONNECT",
  "PUBLISH",
  "PUBACK",
  "PUBREC",
  "PUBREL",
  "PUBCOMP",
  "SUBSCRIBE",
  "UNSUBSCRIBE",
  "PINGREQ",
  "DISCONNECT",
  "AUTH",
];
