/**
 * The fields of the packets that are built from values by name: by a step of a suite, and by a client from what its
 * application asks for. Properties are not among them; they have a table of their own.
 */

/** How a field is written. */
export type FieldType = "text" | "binary" | "byte" | "two-byte" | "two-bit" | "bit" | "will";

/** The fields of a packet, or of a part of one, by name. */
export type FieldRows = Readonly<Record<string, readonly [type: FieldType, about: string]>>;

/** The fields of a will. */
export const WILL_FIELDS = {
  topic: ["text", "Will Topic"],
  payload: ["binary", "Will Message (3.x), Will Payload (5.0)"],
  qos: ["two-bit", "Will QoS"],
  retain: ["bit", "Will Retain"],
} as const satisfies FieldRows;

/** The fields of a CONNECT. */
export const CONNECT_FIELDS = {
  protocolName: ["text", "Protocol Name"],
  protocolLevel: ["byte", "Protocol Level (3.x), Protocol Version (5.0)"],
  cleanStart: ["bit", "Clean Start (5.0), Clean Session (3.x)"],
  keepAlive: ["two-byte", "Keep Alive, in seconds"],
  clientId: ["text", "Client Identifier"],
  will: ["will", "the will"],
  userName: ["text", "User Name"],
  password: ["binary", "Password"],
} as const satisfies FieldRows;

/** The fields of a PUBLISH, without those that its sender counts. */
export const MESSAGE_FIELDS = {
  topic: ["text", "Topic Name"],
  payload: ["binary", "Application Message"],
  qos: ["two-bit", "QoS level"],
  retain: ["bit", "RETAIN flag"],
} as const satisfies FieldRows;

/** One filter of a SUBSCRIBE with its options. */
export const SUBSCRIPTION_FIELDS = {
  filter: ["text", "Topic Filter"],
  qos: ["two-bit", "the requested QoS"],
  noLocal: ["bit", "5.0: not the client's own messages"],
  retainAsPublished: ["bit", "5.0: keep the RETAIN flag"],
  retainHandling: ["two-bit", "5.0: 0 send retained messages, 1 only for a new subscription, 2 never"],
} as const satisfies FieldRows;
