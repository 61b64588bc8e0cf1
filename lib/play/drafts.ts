import type { Draft, Property, PropertyValue, ProtocolVersion, WireOverrides } from "../mqtt/packet.ts";
import { isByteForm } from "../spec/bytes.ts";
import { asBoolean, asNumber, asText, bytesOf, resolve, ValueError } from "../spec/evaluate.ts";
import type { Scope } from "../spec/scope.ts";
import { type Value, wordOf } from "../spec/value.ts";
import {
  CUT_FIELDS,
  type FieldKind,
  fieldsOf,
  type FieldTable,
  FRAME_FIELDS,
  WIRE_FIELDS,
} from "../suite/field/fields.ts";
import type { Fields, Send } from "../suite/file/model.ts";
import type { Credentials } from "../target/target.ts";
import type { FrameDraft } from "../transport/websocket_frame.ts";
import type { Cut } from "./cut.ts";

/** What a lane puts into a packet where the step says nothing. */
export interface SendDefaults {
  readonly version: ProtocolVersion;
  /** Absent for the scripted broker, which never connects. */
  readonly clientId?: string;
  /** The user name and password of a CONNECT that says nothing of either. */
  readonly credentials?: Credentials;
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
    return {
      drafts: send.packets.map((one) => buildPacket(one, scope, defaults)),
      cut: cutOf(send.wire, scope),
    };
  }
  if (send.kind !== "packet") throw new TypeError("An MQTT lane sends packets and bytes only");
  return { drafts: [buildPacket(send, scope, defaults)], cut: cutOf(send.wire, scope) };
}

function buildPacket(send: Extract<Send, { kind: "packet" }>, scope: Scope, defaults: SendDefaults): Draft {
  const given: Record<string, unknown> = {
    ...packetDefaults(send.type, defaults),
    ...(send.type === "CONNECT" ? defaultCredentials(send, defaults) : {}),
    ...record(send.fields, fieldsOf(send.type), scope),
  };
  for (const [name, value] of send.fields) if (isOmitted(value, scope)) delete given[name];
  const needsId = send.type === "SUBSCRIBE" || send.type === "UNSUBSCRIBE" ||
    (send.type === "PUBLISH" && typeof given.qos === "number" && given.qos > 0);
  if (needsId && !send.fields.some(([name]) => name === "packetId")) given.packetId = defaults.nextPacketId();
  const wire = wireOf(send.wire, scope);
  // The loader has held the names and kinds of the fields against the same tables.
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

/** A step that speaks of one of them, or writes the packet itself, is about them. */
function defaultCredentials(
  send: Extract<Send, { kind: "packet" }>,
  { credentials }: SendDefaults,
): Readonly<Record<string, unknown>> {
  const own = send.fields.some(([name]) => name === "userName" || name === "password") ||
    send.wire.some(([name]) => name === "connectFlags" || name === "body");
  if (!credentials || own) return {};
  const { userName, password } = credentials;
  return {
    ...(userName === undefined ? {} : { userName }),
    ...(password === undefined ? {} : { password: new TextEncoder().encode(password) }),
  };
}

/** A WebSocket frame that a step sends. Throws ValueError. */
export function buildFrame(fields: Fields, scope: Scope): FrameDraft {
  const { opcode = 2, payload, final, reserved, masked } = record(fields, FRAME_FIELDS, scope);
  return {
    opcode: typeof opcode === "number" ? opcode : 2,
    payload: payload instanceof Uint8Array ? payload : new Uint8Array(0),
    ...(typeof final === "boolean" ? { final } : {}),
    ...(typeof reserved === "number" ? { reserved } : {}),
    ...(typeof masked === "boolean" ? { masked } : {}),
  };
}

function record(fields: Fields, table: FieldTable, scope: Scope): Readonly<Record<string, unknown>> {
  const given: Record<string, unknown> = {};
  for (const [name, value] of fields) {
    const field = table.get(name);
    if (field && !isOmitted(value, scope)) given[name] = fieldValue(field.kind, name, value, scope);
  }
  return given;
}

/** Whether a field is left out, by a row's variable too. */
function isOmitted(value: Value, scope: Scope): boolean {
  return wordOf(resolve(value, scope).value) === "omit";
}

function fieldValue(kind: FieldKind, name: string, value: Value, scope: Scope): unknown {
  switch (kind.is) {
    case "boolean":
      return asBoolean(value, scope);
    case "integer":
      return asNumber(value, scope);
    case "bytes":
      return bytesOf(value, scope);
    case "text":
    case "length": {
      const found = resolve(value, scope).value;
      if (isByteForm(found)) return bytesOf(value, scope);
      return kind.is === "text" ? asText(value, scope) : asNumber(value, scope);
    }
    case "list":
      return items(name, value, scope).map((item) => fieldValue(kind.of, name, item.value, item.scope));
    case "record": {
      const found = resolve(value, scope);
      if (found.value.kind !== "map") throw new ValueError(`${kind.what} is due`, value.place);
      return record(found.value.entries, kind.fields, found.scope);
    }
    case "pair":
      return pair(name, value, scope);
    case "properties":
      return properties(kind.fields, value, scope);
  }
}

/** Properties as they are written: a map by name, where a list repeats one, or a list of maps for an exact order. */
function properties(table: FieldTable, value: Value, scope: Scope): readonly Property[] {
  const found = resolve(value, scope);
  if (found.value.kind === "list") {
    return found.value.items.flatMap((item) => properties(table, item, found.scope));
  }
  if (found.value.kind !== "map") throw new ValueError("properties are a map by name", value.place);
  return found.value.entries.flatMap(([name, item]) => {
    const kind = table.get(name)?.kind;
    if (!kind) throw new ValueError(`unknown property "${name}"`, item.place);
    return repeated(kind, item, found.scope).map((one) => ({
      name,
      // The kinds of properties are those that a property value can have.
      value: fieldValue(kind, name, one.value, one.scope) as PropertyValue,
    }));
  });
}

function repeated(kind: FieldKind, value: Value, scope: Scope): readonly Located[] {
  const found = resolve(value, scope);
  if (found.value.kind !== "list") return [found];
  const onePair = kind.is === "pair" && found.value.items.every((item) => item.kind !== "list");
  return onePair ? [found] : found.value.items.map((item) => ({ value: item, scope: found.scope }));
}

function pair(name: string, value: Value, scope: Scope): readonly [string, string] {
  const [key, content] = items(name, value, scope);
  if (!key || !content) throw new ValueError(`${name} is a list of a name and a value`, value.place);
  return [asText(key.value, key.scope), asText(content.value, content.scope)];
}

interface Located {
  readonly value: Value;
  readonly scope: Scope;
}

function items(name: string, value: Value, scope: Scope): readonly Located[] {
  const found = resolve(value, scope);
  if (found.value.kind !== "list") throw new ValueError(`${name} is a list`, value.place);
  return found.value.items.map((item) => ({ value: item, scope: found.scope }));
}

function wireOf(fields: Fields, scope: Scope): WireOverrides | undefined {
  const wire = record(fields.filter(([name]) => !CUT_FIELDS.includes(name)), WIRE_FIELDS, scope);
  return Object.keys(wire).length > 0 ? wire : undefined;
}

function cutOf(fields: Fields, scope: Scope): Cut {
  for (const [name, value] of fields) {
    if (name === "bytewise" && asBoolean(value, scope)) return "bytewise";
    const sizes = () => items(name, value, scope).map((item) => asNumber(item.value, item.scope));
    if (name === "pieces") return sizes();
    if (name === "frames" || name === "fragments") return { sizes: sizes(), as: name };
  }
  return undefined;
}
