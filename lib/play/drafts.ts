import {
  type Draft,
  type Property,
  PROTOCOL_LEVELS,
  PROTOCOL_NAMES,
  type ProtocolVersion,
  type WireOverrides,
} from "../mqtt/packet.ts";
import { propertyNamed } from "../mqtt/properties.ts";
import { asBoolean, asNumber } from "../spec/evaluate.ts";
import type { Scope } from "../spec/scope.ts";
import { buildFields, isOmitted } from "../suite/field/field.ts";
import { CUT_FIELDS, fieldsOf, FRAME_FIELDS, WIRE_FIELDS } from "../suite/field/fields.ts";
import { itemsOf } from "../suite/field/kind/items.ts";
import type { Fields } from "../suite/field/kind.ts";
import type { PacketSent, Sent } from "../suite/step/sent.ts";
import type { Credentials } from "../target/target.ts";
import type { FrameDraft } from "../transport/websocket_frame.ts";
import type { Cut } from "./cut.ts";

/** The defaults for fields that a step does not set. */
export interface SendDefaults {
  readonly version: ProtocolVersion;
  /** Absent for the scripted broker, which never connects. */
  readonly clientId?: string | undefined;
  /** The user name and password of a CONNECT that sets neither. */
  readonly credentials?: Credentials | undefined;
  /** The properties of a CONNECT of 5.0 that does not set them. */
  readonly announces?: readonly Property[] | undefined;
  readonly nextPacketId: () => number;
}

/**
 * Builds the packets that a step sends, and how to split them. Throws ValueError for a value of the wrong
 * type.
 */
export function buildPackets(
  sent: Sent,
  scope: Scope,
  defaults: SendDefaults,
): { readonly drafts: readonly Draft[]; readonly cut: Cut } {
  if (sent.kind === "packets") {
    return {
      drafts: sent.packets.map((one) => buildPacket(one, scope, defaults)),
      cut: cutOf(sent.wire, scope),
    };
  }
  if (sent.kind !== "packet") throw new TypeError("An MQTT lane sends packets and bytes only");
  return { drafts: [buildPacket(sent, scope, defaults)], cut: cutOf(sent.wire, scope) };
}

function buildPacket(send: PacketSent, scope: Scope, defaults: SendDefaults): Draft {
  const given: Record<string, unknown> = {
    ...packetDefaults(send.type, defaults),
    ...(send.type === "CONNECT" ? defaultCredentials(send, defaults) : {}),
    ...buildFields(send.fields, fieldsOf(send.type), scope),
  };
  for (const [name, value] of send.fields) if (isOmitted(value, scope)) delete given[name];
  if (send.type === "CONNECT") announce(given, send, defaults);
  const needsId = send.type === "SUBSCRIBE" || send.type === "UNSUBSCRIBE" ||
    (send.type === "PUBLISH" && typeof given.qos === "number" && given.qos > 0);
  if (needsId && !send.fields.some(([name]) => name === "packetId")) given.packetId = defaults.nextPacketId();
  const wire = wireOf(send.wire, scope);
  // The loader has checked the names and kinds of the fields against the same tables.
  return { type: send.type, ...given, ...(wire ? { wire } : {}) } as Draft;
}

function packetDefaults(type: Draft["type"], defaults: SendDefaults): Readonly<Record<string, unknown>> {
  if (type !== "CONNECT") return {};
  return {
    protocolName: PROTOCOL_NAMES[defaults.version],
    protocolLevel: PROTOCOL_LEVELS[defaults.version],
    cleanStart: true,
    keepAlive: 60,
    clientId: defaults.clientId ?? "",
  };
}

/** Returns the default credentials, unless the step sets one of them or writes the packet itself. */
function defaultCredentials(
  send: PacketSent,
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

/** Adds the announced properties to a 5.0 CONNECT, unless its step writes bytes or unknown properties. */
function announce(given: Record<string, unknown>, { wire }: PacketSent, defaults: SendDefaults): void {
  const { announces, version } = defaults;
  if (!announces || version !== "5.0" || wire.length > 0) return;
  const own = Array.isArray(given.properties) ? given.properties as readonly Property[] : [];
  const names = new Set(own.map(({ name }) => name));
  if ([...names].some((name) => propertyNamed(name) === undefined)) return;
  given.properties = [...own, ...announces.filter(({ name }) => !names.has(name))];
}

/** Builds a WebSocket frame that a step sends. Throws ValueError. */
export function buildFrame(fields: Fields, scope: Scope): FrameDraft {
  const { opcode = 2, payload, final, reserved, masked } = buildFields(fields, FRAME_FIELDS, scope);
  return {
    opcode: typeof opcode === "number" ? opcode : 2,
    payload: payload instanceof Uint8Array ? payload : new Uint8Array(0),
    ...(typeof final === "boolean" ? { final } : {}),
    ...(typeof reserved === "number" ? { reserved } : {}),
    ...(typeof masked === "boolean" ? { masked } : {}),
  };
}

function wireOf(fields: Fields, scope: Scope): WireOverrides | undefined {
  const wire = buildFields(fields.filter(([name]) => !CUT_FIELDS.includes(name)), WIRE_FIELDS, scope);
  return Object.keys(wire).length > 0 ? wire : undefined;
}

function cutOf(fields: Fields, scope: Scope): Cut {
  for (const [name, value] of fields) {
    if (name === "bytewise" && asBoolean(value, scope)) return "bytewise";
    const sizes = () => itemsOf(name, value, scope).map((item) => asNumber(item.value, item.scope));
    if (name === "pieces") return sizes();
    if (name === "frames" || name === "fragments") return { sizes: sizes(), as: name };
  }
  return undefined;
}
