import { bytesOf } from "../../client/octets.ts";
import type { ClientEvent } from "../../client/protocol.ts";
import type { Data } from "../../spec/scope.ts";

/** What an event of an adapter is in the words of the operations; undefined for one that no case expects. */
export interface Indicated {
  readonly name: string;
  readonly fields: { readonly [field: string]: Data };
}

/** The lowest reason code of a failure. */
const FAILURE = 0x80;

/** What failed, by what was asked for. */
const FAILED: Readonly<Record<string, string>> = {
  publish: "notPublished",
  subscribe: "notSubscribed",
  unsubscribe: "notUnsubscribed",
};

/** An event in the words of the operations. `asked` is what its token was given for, `number` the case's number for it. */
export function indicated(
  event: ClientEvent,
  asked: { readonly what: string; readonly number: number } | undefined,
): Indicated | undefined {
  const { number: id = 0, what = "" } = asked ?? {};
  const properties = event.properties === undefined ? {} : { properties: asData(event.properties) };
  const failed = [event.reason ?? 0, ...event.reasons ?? []].some((reason) => reason >= FAILURE);
  const reason = event.reason === undefined ? {} : { reason: event.reason };
  switch (event.on) {
    case "notConnected":
      return event.reason === undefined
        ? { name: "connectFailed", fields: {} }
        : { name: "notConnected", fields: { code: event.reason, ...properties } };
    case "connected":
      return {
        name: "connected",
        fields: {
          ...(event.sessionPresent === undefined ? {} : { sessionPresent: event.sessionPresent }),
          ...properties,
        },
      };
    case "published":
      return { name: failed ? "notPublished" : "published", fields: { id, ...reason, ...properties } };
    case "subscribed":
    case "unsubscribed": {
      const not = event.on === "subscribed" ? "notSubscribed" : "notUnsubscribed";
      const codes = event.reasons === undefined ? {} : { reasons: [...event.reasons] };
      return { name: failed ? not : event.on, fields: { id, ...codes, ...properties } };
    }
    case "failed":
      return { name: FAILED[what] ?? "connectFailed", fields: { id } };
    case "message":
      return {
        name: "message",
        fields: {
          id: 0,
          topic: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytesOf(event.topic)),
          payload: bytesOf(event.payload),
          qos: event.qos ?? 0,
          retain: event.retain ?? false,
          ...properties,
        },
      };
    case "auth":
      return { name: "challenged", fields: { ...reason, ...properties } };
    case "disconnected":
    case "lost":
      return { name: event.on, fields: { ...reason, ...properties } };
    default:
      return undefined;
  }
}

/** A JSON value of an adapter as data, bytes in place of `{ hex }`. */
function asData(value: unknown): Data {
  if (Array.isArray(value)) return value.map(asData);
  if (typeof value === "object" && value !== null) {
    if ("hex" in value) return bytesOf(value);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asData(item)]));
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}
