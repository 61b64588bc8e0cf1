/**
 * What a module can do as an MQTT client, independent of its command names: operations to request, and events
 * that it reports. A dialect defines how each is written and read.
 */
import type { Place } from "../../spec/place.ts";
import { parseText, type Value } from "../../spec/value.ts";
import { bytes as BYTES, text as TEXT } from "../field/kind/text.ts";
import { boolean as BIT } from "../field/kind/boolean.ts";
import { integer } from "../field/kind/integer.ts";
import { listOf } from "../field/kind/list.ts";
import { PROPERTY_LIST } from "../field/fields.ts";
import type { Field, FieldKind, FieldTable } from "../field/kind.ts";

/** One operation, or one event that a module reports. */
export interface OperationSpec {
  /** One line for the reader of a schema. */
  readonly about: string;
  readonly fields: FieldTable;
  /** The defaults of fields. A field without one is required, unless it is optional. */
  readonly defaults: ReadonlyMap<string, Value>;
  /** The fields that a step need not give, and that a library need not show. */
  readonly optional: ReadonlySet<string>;
}

const NOWHERE: Place = { file: "", line: 1, column: 1, length: 1 };

const id = (fallback: number | string): Row => [
  integer(0xffff),
  "the packet identifier that the host chooses",
  fallback,
];
const HOST: Row = [TEXT, "host name or address", "$host"];
const PORT: Row = [integer(0xffff), "TCP port", "$port"];
const QOS: Row = [integer(0xff), "quality of service", 0];
const FILTER: Row = [TEXT, "topic filter", "$topic"];
const TOPIC: Row = [TEXT, "topic name", "$topic"];
const RETAIN: Row = [integer(1), "1 for a retained message", 0];
const PAYLOAD: Row = [BYTES, "payload"];
const CODE: Row = [integer(0xff), "return code of CONNACK"];
const WILL_PAYLOAD: Row = [BYTES, "payload of the will", ""];

// What a library is asked or tells beyond a module, mostly of 5.0. No dialect has commands for it.
const PROPERTIES: Row = [PROPERTY_LIST.kind, "5.0: properties by name", null];
const REASON: Row = [integer(0xff), "5.0: Reason Code", null];
const REASONS: Row = [listOf(integer(0xff)), "5.0: Reason Codes, one for each filter", null];
const PRESENT: Row = [BIT, "Session Present", null];

/** A field's kind, its description, and its default: a number, text with variables, or null if it is optional. */
type Row = readonly [kind: FieldKind, about: string, fallback?: string | number | null];

/** The requests to a module: `dte -> publish: { id: 1, qos: 1, payload: text }`. */
export const REQUESTS: ReadonlyMap<string, OperationSpec> = specs({
  open: ["open the network connection", { host: HOST, port: PORT }],
  close: ["close the network connection", {}],
  connect: ["send CONNECT", {
    clientId: [TEXT, "client id", "$case"],
    userName: [TEXT, "user name", "user"],
    password: [TEXT, "password", "secret"],
    properties: PROPERTIES,
  }],
  reconnect: ["reestablish a lost connection, up to CONNECT", {
    clientId: [TEXT, "client id", "$case"],
    host: HOST,
    port: PORT,
  }],
  disconnect: ["send DISCONNECT", { reason: REASON, properties: PROPERTIES }],
  subscribe: ["send SUBSCRIBE", {
    id: id(1),
    filter: FILTER,
    qos: QOS,
    noLocal: [BIT, "5.0: No Local", null],
    retainAsPublished: [BIT, "5.0: Retain As Published", null],
    retainHandling: [integer(2), "5.0: Retain Handling", null],
    properties: PROPERTIES,
  }],
  unsubscribe: ["send UNSUBSCRIBE", { id: id(2), filter: FILTER, properties: PROPERTIES }],
  auth: ["send AUTH of 5.0", { reason: [integer(0xff), "reason code"], properties: PROPERTIES }],
  publish: ["send PUBLISH", {
    id: id(0),
    qos: QOS,
    retain: RETAIN,
    topic: TOPIC,
    payload: PAYLOAD,
    properties: PROPERTIES,
  }],
  publishTyped: [
    "send PUBLISH, its payload sent after a prompt and terminated by Ctrl-Z",
    { id: id(0), qos: QOS, retain: RETAIN, topic: TOPIC, payload: PAYLOAD },
  ],
  publishCounted: [
    "send PUBLISH, its payload sent after a prompt and terminated by the length given in the command",
    {
      id: id(0),
      qos: QOS,
      retain: RETAIN,
      topic: TOPIC,
      length: [integer(0xffff), "the bytes of the payload"],
      payload: PAYLOAD,
    },
  ],
  cancelPublish: [
    "send nothing; ESC cancels the payload after the prompt",
    { id: id(0), qos: QOS, retain: RETAIN, topic: TOPIC, payload: PAYLOAD },
  ],
  setKeepAlive: ["set the keep-alive time of the next CONNECT", {
    seconds: [integer(0xffff), "0 for none"],
  }],
  setCleanSession: ["set the clean session flag of the next CONNECT", {
    clean: [integer(1), "1 for a clean session"],
  }],
  setVersion: ["set the protocol level of the next CONNECT", {
    level: [integer(0xff), "3 for MQTT 3.1, 4 for 3.1.1"],
  }],
  setWill: ["set the will of the next CONNECT", {
    qos: QOS,
    retain: RETAIN,
    topic: TOPIC,
    payload: WILL_PAYLOAD,
    properties: PROPERTIES,
  }],
  setTimeout: ["set the timeout of a reply and the number of retries of a packet", {
    seconds: [integer(0xffff), "for each reply"],
    retries: [integer(0xff), "the number of retries"],
  }],
});

/** The events that a module reports: `dte <- published: { id: 1 }`. */
export const INDICATIONS: ReadonlyMap<string, OperationSpec> = specs({
  opened: ["the network connection is open", {}],
  notOpened: ["the network connection could not be opened", {}],
  closed: ["the network connection was closed", {}],
  connected: ["the broker accepted the connection", {
    sessionPresent: PRESENT,
    properties: PROPERTIES,
  }],
  notConnected: ["the broker refused the connection", { code: CODE, properties: PROPERTIES }],
  connectFailed: ["CONNECT could not be sent or was not answered", {}],
  disconnected: ["DISCONNECT was sent and the connection closed", {}],
  subscribed: ["the broker granted the subscription", {
    id: id(1),
    reasons: REASONS,
    properties: PROPERTIES,
  }],
  notSubscribed: ["the broker refused the subscription, or it failed", { id: id(1), reasons: REASONS }],
  unsubscribed: ["the broker acknowledged UNSUBSCRIBE", { id: id(2), reasons: REASONS }],
  notUnsubscribed: ["UNSUBSCRIBE failed", { id: id(2), reasons: REASONS }],
  published: ["the delivery is complete for its QoS", { id: id(0), reason: REASON }],
  notPublished: ["the message was not delivered", { id: id(0), reason: REASON }],
  challenged: ["AUTH of 5.0 came", { reason: REASON, properties: PROPERTIES }],
  retried: ["a packet is sent again", { id: id("any") }],
  message: ["a message was received", {
    id: [integer(0xffff_ffff), "the packet identifier that the module shows", "any"],
    topic: TOPIC,
    payload: PAYLOAD,
    qos: [integer(2), "quality of service", null],
    retain: [BIT, "RETAIN", null],
    properties: PROPERTIES,
  }],
  lost: ["the connection was lost", { reason: REASON, properties: PROPERTIES }],
  refused: ["the command was refused at once", {}],
});

/** The names of all operations of a dialect. */
export const OPERATION_NAMES: readonly string[] = [...REQUESTS.keys(), ...INDICATIONS.keys()];

/** The prefix of a request that the module may also refuse: `dte -> try publish: {…}`. */
export const TRY = "try ";

function specs(
  rows: Readonly<Record<string, readonly [about: string, fields: Readonly<Record<string, Row>>]>>,
): ReadonlyMap<string, OperationSpec> {
  return new Map(
    Object.entries(rows).map(([name, [about, given]]) => {
      const fields = Object.entries(given);
      return [name, {
        about,
        fields: new Map(fields.map(([field, [kind, about]]): [string, Field] => [field, { kind, about }])),
        defaults: new Map(
          fields.flatMap(([field, [, , fallback]]): [string, Value][] =>
            fallback === undefined || fallback === null ? [] : [[field, toValue(fallback)]]
          ),
        ),
        optional: new Set(fields.flatMap(([field, [, , fallback]]) => fallback === null ? [field] : [])),
      }];
    }),
  );
}

function toValue(fallback: string | number): Value {
  const place = NOWHERE;
  if (typeof fallback === "number") {
    return { kind: "literal", value: fallback, source: String(fallback), place };
  }
  const [only] = parseText(fallback).parts;
  return typeof only === "object"
    ? { kind: "variable", path: only, place }
    : { kind: "literal", value: fallback, source: fallback, plain: true, place };
}
