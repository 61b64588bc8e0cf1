/**
 * The adapter protocol: how attest drives a client library through a small program around it. Each message is a line of
 * JSON; `docs/reference/adapter.md` and `docs/schema/adapter.schema.json` say the same as these tables.
 */
import { PROPERTIES as ALL_PROPERTIES, type PropertyType, VARIABLE_MAX } from "../mqtt/properties.ts";
import { OCTETS, type Octets } from "./octets.ts";
import {
  BOOLEAN,
  either,
  integer,
  list,
  object,
  optional,
  required,
  type Shape,
  type ShapedFields,
  text,
  word,
} from "./shape.ts";

/** The version of the protocol, which a hello names. */
export const ADAPTER_PROTOCOL = 1;

/** What an adapter's library can do beyond the least; a case that needs it is skipped otherwise. */
export const ADAPTER_FEATURES: ReadonlyMap<string, string> = new Map([
  ["raw-strings", "takes topics, filters, client ids and user names that are not UTF-8, as bytes"],
  ["cut", "closes the socket of a client without a DISCONNECT"],
  [
    "one-shot",
    "is a program that is started for one purpose, so `connect` says what it is asked for `next`",
  ],
  ["auth", "reports each AUTH of the broker, and sends those that it is asked for (5.0)"],
]);

/** The ways in which a library connects. */
export const TRANSPORTS = ["tcp", "tls", "ws", "wss"] as const;

/** What the protocol calls the transports of addresses, and what they are made of. */
export const TRANSPORT_OF = {
  mqtt: { transport: "tcp", secure: false, webSocket: false },
  mqtts: { transport: "tls", secure: true, webSocket: false },
  ws: { transport: "ws", secure: false, webSocket: true },
  wss: { transport: "wss", secure: true, webSocket: true },
} as const;

const NAME = text(100);
const TOKEN = integer(0, 2 ** 31 - 1);
const BYTE = integer(0, 0xff);
const TWO_BYTES = integer(0, 0xffff);
const FOUR_BYTES = integer(0, 0xffff_ffff);
/** Wrong on purpose too: a library has to refuse QoS 3. */
const QOS = integer(0, 3);
const SOME = 1_000;

const PROPERTY_SHAPES: Readonly<Record<PropertyType, Shape>> = {
  byte: BYTE,
  "two-byte": TWO_BYTES,
  "four-byte": FOUR_BYTES,
  variable: either(integer(0, VARIABLE_MAX), list(integer(0, VARIABLE_MAX), SOME)),
  text: OCTETS,
  binary: OCTETS,
  pair: list(list(OCTETS, 2), SOME),
};

/** The properties of 5.0, by the names that attest's packets have; user properties are pairs in their order. */
const PROPERTIES: Shape = object(
  Object.fromEntries(
    ALL_PROPERTIES.map(({ name, type }) => [name, optional(PROPERTY_SHAPES[type], "a property of 5.0")]),
  ),
);

const properties = optional(PROPERTIES, "the properties of 5.0");
const client = required(NAME, "the client, by the name that attest gave it in connect");

const WILL = object({
  topic: required(OCTETS, "Will Topic"),
  payload: required(OCTETS, "Will Message"),
  qos: required(QOS, "Will QoS"),
  retain: required(BOOLEAN, "Will Retain"),
  properties,
});

const SUBSCRIPTION = object({
  filter: required(OCTETS, "Topic Filter"),
  qos: required(QOS, "the QoS asked for"),
  noLocal: optional(BOOLEAN, "5.0"),
  retainAsPublished: optional(BOOLEAN, "5.0"),
  retainHandling: optional(integer(0, 2), "5.0"),
});

const MESSAGE: ShapedFields = {
  topic: required(OCTETS, "Topic Name"),
  payload: required(OCTETS, "Application Message"),
  qos: required(QOS, "QoS"),
  retain: required(BOOLEAN, "RETAIN"),
  properties,
};

const FILTERS: ShapedFields = {
  filters: required(list(SUBSCRIPTION, SOME), "one or more"),
  properties,
};

const NEXT: Shape = object({
  publish: optional(object(MESSAGE), "the fields of publish"),
  subscribe: optional(object(FILTERS), "the fields of subscribe"),
});

/** One kind of request. */
export interface RequestSpec {
  readonly about: string;
  readonly fields: ShapedFields;
  /** Whether its reply carries a token, by which later events name it. */
  readonly token?: true;
}

/** What attest asks for, by the word behind `do`. */
export const REQUESTS: Readonly<Record<string, RequestSpec>> = {
  connect: {
    about:
      "open a connection and send CONNECT; a client that is known connects again, with the session that it has",
    fields: {
      client: required(NAME, "a name for the client, new or known"),
      server: required(NAME, "host name or address"),
      port: required(TWO_BYTES, "TCP port"),
      protocol: required(word(["3.1", "3.1.1", "5.0"]), "the version of MQTT"),
      clientId: required(OCTETS, "Client Identifier"),
      cleanStart: required(BOOLEAN, "Clean Start, Clean Session"),
      keepAlive: required(TWO_BYTES, "seconds"),
      userName: optional(OCTETS, "User Name"),
      password: optional(OCTETS, "Password"),
      will: optional(WILL, "the will"),
      properties,
      transport: optional(
        word(TRANSPORTS),
        "how to connect, one that the hello names; default tcp",
      ),
      path: optional(text(1_000), "of ws and wss: the resource path"),
      ca: optional(
        text(4_096),
        "of tls and wss: the path of a PEM file, the certificate of the authority that the library trusts",
      ),
      next: optional(NEXT, "one-shot: what the client will be asked for on this connection first"),
    },
  },
  disconnect: {
    about: "send DISCONNECT and end the connection",
    fields: { client, reason: optional(BYTE, "5.0: Reason Code; default 0"), properties },
  },
  publish: {
    about: "send PUBLISH",
    token: true,
    fields: { client, ...MESSAGE },
  },
  subscribe: {
    about: "send SUBSCRIBE",
    token: true,
    fields: { client, ...FILTERS },
  },
  unsubscribe: {
    about: "send UNSUBSCRIBE",
    token: true,
    fields: { client, filters: required(list(OCTETS, SOME), "one or more"), properties },
  },
  auth: {
    about:
      "send AUTH of 5.0: the answer to one of the broker, or with the code 0x19 the first of a re-authentication",
    fields: { client, reason: required(BYTE, "Reason Code"), properties },
  },
  cut: { about: "close the socket without a DISCONNECT", fields: { client } },
  reset: { about: "end all connections, without events, and forget all clients, within 1 s", fields: {} },
  quit: { about: "end the process", fields: {} },
};

/** A request of attest's. */
export type Request =
  & { readonly do: string; readonly client?: string | undefined }
  & Readonly<Record<string, unknown>>;

/** The first line of an adapter. */
export interface Hello {
  readonly hello: string;
  readonly adapter: number;
  readonly version: string;
  readonly protocols: readonly string[];
  readonly transports: readonly string[];
  readonly supports: readonly string[];
}

/** The shape of {@link Hello}. */
export const HELLO: Shape = object({
  hello: required(NAME, "the name of the library"),
  adapter: required(integer(1, 1), "the version of this protocol"),
  version: required(NAME, "the version of the library"),
  protocols: required(list(word(["3.1", "3.1.1", "5.0"]), 3), "the versions of MQTT that it speaks"),
  transports: required(list(word(TRANSPORTS), 4), "how it connects"),
  supports: required(list(word([...ADAPTER_FEATURES.keys()]), 50), "what it can do besides"),
});

/** The answer to one request. */
export type Reply =
  | { readonly id: number; readonly ok: true; readonly token?: number }
  | { readonly id: number; readonly refused: string }
  | { readonly id: number; readonly unsupported: string };

const ID = required(integer(1, 2 ** 31 - 1), "the id of the request");

/** The shapes of a {@link Reply}, by the field that tells them apart. */
export const REPLIES: Readonly<Record<string, Shape>> = {
  ok: object({
    id: ID,
    ok: required({ ...BOOLEAN, schema: { const: true } }, "the library has taken it"),
    token: optional(TOKEN, "what later events name a publish, subscribe or unsubscribe by"),
  }),
  refused: object({ id: ID, refused: required(text(10_000), "what the library said") }),
  unsupported: object({ id: ID, unsupported: required(text(10_000), "why the library has no such thing") }),
};

const token = required(TOKEN, "the token of the reply to the request");
const reason = optional(BYTE, "Reason Code or return code; absent where the library shows none");

/** What an adapter tells at any time, by the word behind `on`. */
export const EVENTS: Readonly<Record<string, { readonly about: string; readonly fields: ShapedFields }>> = {
  connected: {
    about: "CONNACK came and accepts the connection",
    fields: { client, sessionPresent: optional(BOOLEAN, "Session Present"), reason, properties },
  },
  notConnected: {
    about: "CONNACK came and refuses, with `reason`; or there was no CONNACK that the library takes",
    fields: { client, reason, text: optional(text(10_000), "what the library said"), properties },
  },
  published: {
    about: "the message is where its QoS demands; with a `reason` of 0x80 or more it is refused",
    fields: { client, token, reason, properties },
  },
  subscribed: {
    about: "SUBACK came",
    fields: {
      client,
      token,
      reasons: required(list(BYTE, SOME), "one code for each filter: the granted QoS, or 0x80 and more"),
      properties,
    },
  },
  unsubscribed: {
    about: "UNSUBACK came",
    fields: {
      client,
      token,
      reasons: optional(list(BYTE, SOME), "5.0: one code for each filter"),
      properties,
    },
  },
  failed: {
    about: "what the token stands for has failed in the end, without an answer of the broker",
    fields: { client, token, text: optional(text(10_000), "what the library said") },
  },
  auth: {
    about: "AUTH of 5.0 came; attest asks for the answer",
    fields: { client, reason: required(BYTE, "Reason Code"), properties },
  },
  message: {
    about: "a message came",
    fields: { client, ...MESSAGE },
  },
  disconnected: { about: "the connection ended as disconnect asked", fields: { client } },
  lost: {
    about: "the connection ended otherwise; of 5.0 with the `reason` of the broker's DISCONNECT",
    fields: { client, reason, text: optional(text(10_000), "what the library said"), properties },
  },
  error: {
    about: "the library has reported something else; it is shown and not judged",
    fields: { client, text: required(text(10_000), "what it said") },
  },
};

/** An event of an adapter. */
export interface ClientEvent {
  readonly on: string;
  readonly client: string;
  readonly token?: number;
  readonly reason?: number;
  readonly reasons?: readonly number[];
  readonly text?: string;
  readonly topic?: Octets;
  readonly payload?: Octets;
  readonly qos?: number;
  readonly retain?: boolean;
  readonly sessionPresent?: boolean;
  readonly properties?: Readonly<Record<string, unknown>>;
}

const EVENT_SHAPES: ReadonlyMap<string, Shape> = new Map(
  Object.entries(EVENTS).map(([name, { fields }]) =>
    [name, object({ on: required(word([name]), "what happened"), ...fields })] as const
  ),
);

/** The shape of the event with this name; undefined if there is none. */
export function eventShape(name: string): Shape | undefined {
  return EVENT_SHAPES.get(name);
}

/** The shape of the request with this name; undefined if there is none. */
export function requestShape(name: string): Shape | undefined {
  const spec = Object.hasOwn(REQUESTS, name) ? REQUESTS[name] : undefined;
  return spec && object({ id: ID, do: required(word([name]), "what to do"), ...spec.fields });
}

/** The JSON Schema of one line in either direction, draft 2020-12. */
export function adapterJsonSchema(): unknown {
  const definitions = {
    hello: HELLO.schema,
    request: {
      anyOf: Object.keys(REQUESTS).map((name) => described(REQUESTS[name]?.about, requestShape(name))),
    },
    reply: { anyOf: Object.values(REPLIES).map(({ schema }) => schema) },
    event: { anyOf: Object.keys(EVENTS).map((name) => described(EVENTS[name]?.about, eventShape(name))) },
  };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `attest adapter protocol, version ${ADAPTER_PROTOCOL}`,
    description: "One line between attest and an adapter",
    anyOf: Object.keys(definitions).map((name) => ({ $ref: `#/$defs/${name}` })),
    $defs: definitions,
  };
}

function described(about: string | undefined, shape: Shape | undefined): unknown {
  return { description: about, ...shape?.schema };
}
