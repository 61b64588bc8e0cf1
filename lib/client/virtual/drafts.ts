/** The packets that the application's requests ask for, and the properties of packets in the words of the adapter protocol. */
import {
  CONNECT_FIELDS,
  type FieldRows,
  MESSAGE_FIELDS,
  SUBSCRIPTION_FIELDS,
  WILL_FIELDS,
} from "../../mqtt/fields.ts";
import {
  type Draft,
  type DraftOf,
  type Loose,
  type Property,
  PROTOCOL_LEVELS,
  PROTOCOL_NAMES,
  type ProtocolVersion,
  type PublishPacket,
  type Subscription,
} from "../../mqtt/packet.ts";
import { PROPERTIES } from "../../mqtt/properties.ts";
import { bytesOf, octetsOf } from "../octets.ts";
import type { Asked } from "./asked.ts";

/** What a text of a request is for. */
export type TextUse = "topic" | "filter" | "text";

/** Returns the text to send. Throws for one that the client refuses. */
export type TextOf = (use: TextUse, octets: unknown) => string | Uint8Array;

/** A draft of a packet of one type. */
export type DraftFor<T extends Draft["type"]> = Extract<Draft, { readonly type: T }>;

/** The CONNECT that a request asks for. */
export function connectDraft(asked: Asked, version: ProtocolVersion, text: TextOf): DraftFor<"CONNECT"> {
  return {
    type: "CONNECT",
    protocolName: PROTOCOL_NAMES[version],
    protocolLevel: PROTOCOL_LEVELS[version],
    ...fields(CONNECT_FIELDS, asked, text),
    properties: propertiesIn(asked, text),
  };
}

/** The PUBLISH that a request asks for, without its packet identifier. */
export function publishDraft(asked: Asked, text: TextOf): DraftOf<PublishPacket> {
  const message = fields(MESSAGE_FIELDS, asked, text);
  return { type: "PUBLISH", dup: false, ...message, properties: propertiesIn(asked, text) };
}

/** The subscriptions that a request asks for. */
export function subscriptionsIn(asked: Asked, text: TextOf): readonly Loose<Subscription>[] {
  return (asked.filters as readonly Asked[]).map((one) => fields(SUBSCRIPTION_FIELDS, one, text));
}

/** The properties that a request asks for, in its order. */
export function propertiesIn(asked: Asked, text: TextOf): readonly Loose<Property>[] {
  const given = Object.entries((asked.properties ?? {}) as Asked);
  return given.flatMap(([name, value]): readonly Loose<Property>[] => {
    switch (PROPERTIES.find((one) => one.name === name)?.type) {
      case "text":
        return [{ name, value: text("text", value) }];
      case "binary":
        return [{ name, value: bytesOf(value) }];
      case "pair":
        return (value as readonly (readonly [unknown, unknown])[]).map(([key, item]) => ({
          name,
          value: [text("text", key), text("text", item)] as const,
        }));
      default:
        return [value].flat().map((one) => ({ name, value: Number(one) }));
    }
  });
}

/** The properties of a packet as an event tells them; undefined if there are none. */
export function toldProperties(properties: readonly Property[]): Asked | undefined {
  const told: Record<string, unknown> = {};
  for (const { name, value } of properties) {
    if (typeof value === "object" && !(value instanceof Uint8Array)) {
      told[name] = [...(told[name] ?? []) as unknown[], value.map((each) => octetsOf(each))];
    } else if (name === "subscriptionIdentifier") {
      told[name] = [told[name] ?? [], value].flat();
    } else told[name] = typeof value === "number" ? value : octetsOf(value);
  }
  return properties.length > 0 ? told : undefined;
}

/** The fields of a request that a packet has, as they are written. */
function fields(rows: FieldRows, asked: Asked, text: TextOf): Record<string, unknown> {
  const built: Record<string, unknown> = {};
  for (const [name, [type]] of Object.entries(rows)) {
    const value = asked[name];
    if (value === undefined) continue;
    if (type === "text") built[name] = text(name === "topic" || name === "filter" ? name : "text", value);
    else if (type === "binary") built[name] = bytesOf(value);
    else if (type === "will") {
      const will = value as Asked;
      built[name] = { ...fields(WILL_FIELDS, will, text), properties: propertiesIn(will, text) };
    } else built[name] = value;
  }
  return built;
}
