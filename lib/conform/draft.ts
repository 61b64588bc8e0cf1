import type { Draft, ProtocolVersion, WireOverrides } from "../mqtt/packet.ts";
import { isByteForm } from "../spec/bytes.ts";
import { asBoolean, asNumber, asText, bytesOf, resolve, ValueError } from "../spec/evaluate.ts";
import type { Scope } from "../spec/scope.ts";
import { type Value, wordOf } from "../spec/value.ts";
import type { Fields, Send } from "../suite/model.ts";
import type { Cut } from "./mqtt_lane.ts";
import { sentProperties } from "./properties.ts";

/** What a lane puts into a packet where the step says nothing. */
export interface SendDefaults {
  readonly version: ProtocolVersion;
  /** Absent for the scripted broker, which never connects. */
  readonly clientId?: string;
  readonly nextPacketId: () => number;
}

const LEVELS: Readonly<Record<ProtocolVersion, number>> = { "3.1": 3, "3.1.1": 4, "5.0": 5 };

/** The packets that a step sends and how they are cut. Throws ValueError for a value that can't be what it has to be. */
export function buildPackets(
  send: Send,
  scope: Scope,
  defaults: SendDefaults,
): { readonly drafts: readonly Draft[]; readonly cut: Cut } {
  if (send.kind === "packets") {
    return { drafts: send.packets.map((one) => buildPacket(one, scope, defaults)), cut: undefined };
  }
  if (send.kind !== "packet") throw new TypeError("An MQTT lane sends packets and bytes only");
  return { drafts: [buildPacket(send, scope, defaults)], cut: cutOf(send.wire, scope) };
}

function buildPacket(send: Extract<Send, { kind: "packet" }>, scope: Scope, defaults: SendDefaults): Draft {
  const wire = wireOf(send.wire, scope);
  const given: Record<string, unknown> = { ...packetDefaults(send.type, defaults) };
  for (const [name, value] of send.fields) {
    if (wordOf(value) === "omit") delete given[name];
    else given[name] = fieldValue(name, value, scope);
  }
  const needsId = send.type === "SUBSCRIBE" || send.type === "UNSUBSCRIBE" ||
    (send.type === "PUBLISH" && typeof given.qos === "number" && given.qos > 0);
  if (needsId && !send.fields.some(([name]) => name === "packetId")) given.packetId = defaults.nextPacketId();
  // Every field of a draft may hold any value of its kind, and the suite's loader has checked the names.
  return { type: send.type, ...given, ...(wire ? { wire } : {}) } as Draft;
}

function packetDefaults(type: Draft["type"], defaults: SendDefaults): Readonly<Record<string, unknown>> {
  if (type !== "CONNECT") return {};
  return {
    protocolName: defaults.version === "3.1" ? "MQIsdp" : "MQTT",
    protocolLevel: LEVELS[defaults.version],
    cleanStart: true,
    keepAlive: 60,
    clientId: defaults.clientId ?? "",
  };
}

function fieldValue(name: string, value: Value, scope: Scope): unknown {
  switch (name) {
    case "properties":
      return sentProperties(value, scope);
    case "payload":
    case "password":
      return bytesOf(value, scope);
    case "protocolName":
    case "clientId":
    case "userName":
    case "topic":
    case "filter":
      return textOrBytes(value, scope);
    case "cleanStart":
    case "sessionPresent":
    case "retain":
    case "dup":
    case "noLocal":
    case "retainAsPublished":
      return asBoolean(value, scope);
    case "filters":
      return items(name, value, scope).map((item) => textOrBytes(item.value, item.scope));
    case "reasons":
      return items(name, value, scope).map((item) => asNumber(item.value, item.scope));
    case "subscriptions":
      return items(name, value, scope).map((item) => record(name, item.value, item.scope));
    case "will":
      return record(name, value, scope);
    default:
      return asNumber(value, scope);
  }
}

function record(name: string, value: Value, scope: Scope): Readonly<Record<string, unknown>> {
  const found = resolve(value, scope);
  if (found.value.kind !== "map") throw new ValueError(`${name} holds maps`, value.place);
  return Object.fromEntries(
    found.value.entries.filter(([, item]) => wordOf(item) !== "omit").map((
      [key, item],
    ) => [key, fieldValue(key, item, found.scope)]),
  );
}

function items(
  name: string,
  value: Value,
  scope: Scope,
): readonly { readonly value: Value; readonly scope: Scope }[] {
  const found = resolve(value, scope);
  if (found.value.kind !== "list") throw new ValueError(`${name} is a list`, value.place);
  return found.value.items.map((item) => ({ value: item, scope: found.scope }));
}

function textOrBytes(value: Value, scope: Scope): string | Uint8Array {
  const found = resolve(value, scope);
  return isByteForm(found.value) ? bytesOf(found.value, found.scope) : asText(value, scope);
}

function wireOf(fields: Fields, scope: Scope): WireOverrides | undefined {
  const given: Record<string, number | Uint8Array> = {};
  for (const [name, value] of fields) {
    switch (name) {
      case "pieces":
      case "bytewise":
        break;
      case "body":
      case "append":
        given[name] = bytesOf(value, scope);
        break;
      default:
        given[name] = isByteForm(resolve(value, scope).value)
          ? bytesOf(value, scope)
          : asNumber(value, scope);
    }
  }
  return Object.keys(given).length > 0 ? given : undefined;
}

function cutOf(fields: Fields, scope: Scope): Cut {
  for (const [name, value] of fields) {
    if (name === "bytewise" && asBoolean(value, scope)) return "bytewise";
    if (name === "pieces") return items(name, value, scope).map((item) => asNumber(item.value, item.scope));
  }
  return undefined;
}
