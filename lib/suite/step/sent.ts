import type { PacketType } from "../../mqtt/packet.ts";
import type { Value } from "../../spec/value.ts";
import type { Fields } from "../field/kind.ts";

/** An MQTT packet; `wire` overrides its bytes and splits them into writes. */
export interface PacketSent {
  readonly kind: "packet";
  readonly type: PacketType;
  readonly fields: Fields;
  readonly wire: Fields;
}

/** Several packets in one segment, or split as `wire` says. */
export interface PacketsSent {
  readonly kind: "packets";
  readonly packets: readonly PacketSent[];
  readonly wire: Fields;
}

/** A WebSocket frame. */
export interface FrameSent {
  readonly kind: "frame";
  readonly fields: Fields;
}

/** Bytes sent unchanged, on any lane. */
export interface RawSent {
  readonly kind: "raw";
  readonly bytes: Value;
}

/** An AT command: `name` is `+ECMTPUB`; a basic command such as `ATE0` is `{ name: "E0", form: "basic" }`. */
export interface CommandSent {
  readonly kind: "command";
  readonly name: string;
  readonly form: "write" | "read" | "test" | "execute" | "basic";
  readonly args: readonly Value[];
}

/** A request to a module, independent of the dialect; with `attempt` the module may also refuse it. */
export interface OperationSent {
  readonly kind: "operation";
  readonly name: string;
  readonly fields: Fields;
  readonly attempt?: true | undefined;
}

/** Bytes in response to a prompt. */
export interface DataSent {
  readonly kind: "data";
  readonly bytes: Value;
  readonly end: "ctrl-z" | "esc" | "none";
}

/** What a lane sends. */
export type Sent = PacketSent | PacketsSent | FrameSent | RawSent | CommandSent | OperationSent | DataSent;

/** Replaces the values of what is sent. */
export function mapSent(sent: Sent, by: (value: Value) => Value): Sent {
  switch (sent.kind) {
    case "packet":
      return mapPacket(sent, by);
    case "packets":
      return {
        ...sent,
        packets: sent.packets.map((one) => mapPacket(one, by)),
        wire: mapFields(sent.wire, by),
      };
    case "raw":
    case "data":
      return { ...sent, bytes: by(sent.bytes) };
    case "command":
      return { ...sent, args: sent.args.map(by) };
    case "operation":
    case "frame":
      return { ...sent, fields: mapFields(sent.fields, by) };
  }
}

/** Replaces the values of fields. */
export function mapFields(fields: Fields, by: (value: Value) => Value): Fields {
  return fields.map(([name, value]) => [name, by(value)] as const);
}

function mapPacket(packet: PacketSent, by: (value: Value) => Value): PacketSent {
  return { ...packet, fields: mapFields(packet.fields, by), wire: mapFields(packet.wire, by) };
}
