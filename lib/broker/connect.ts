import type { Frame } from "../mqtt/frame.ts";
import type { ConnectPacket, ProtocolVersion } from "../mqtt/packet.ts";
import type { Behaviour, ConnectVerdict } from "./behaviour.ts";
import { numberProperty, propertyValue } from "./message.ts";

const CLOSE: ConnectVerdict = { kind: "close" };
const ACCEPT: ConnectVerdict = { kind: "accept" };
const UNACCEPTABLE_VERSION: ConnectVerdict = { kind: "refuse", reason: 0x01 };
const IDENTIFIER_REJECTED: ConnectVerdict = { kind: "refuse", reason: 0x02 };
const MALFORMED: ConnectVerdict = { kind: "refuse", reason: 0x81 };
const BAD_AUTHENTICATION_METHOD: ConnectVerdict = { kind: "refuse", reason: 0x8c };

/** The longest client id of 3.1, in characters. */
const LONGEST_ID_31 = 23;

/** What the standard says to a frame that holds a CONNECT, read as `version`. */
export function judgeConnect(frame: Frame, version: ProtocolVersion, behaviour: Behaviour): ConnectVerdict {
  if (frame.kind === "broken") return CLOSE;
  const broken = frame.violations.filter((violation) => !behaviour.tolerates(violation, "CONNECT"));
  if (broken.some((violation) => violation.rule === "protocol-name")) return CLOSE; // [MQTT-3.1.2-1]
  if (broken.some((violation) => violation.rule === "protocol-level")) return UNACCEPTABLE_VERSION; // [MQTT-3.1.2-2]
  if (broken.length > 0 || frame.kind === "malformed") return version === "5.0" ? MALFORMED : CLOSE; // [MQTT-3.1.4-1]
  const { packet } = frame;
  return packet.type === "CONNECT" ? judgeFields(packet, version) : CLOSE;
}

function judgeFields(packet: ConnectPacket, version: ProtocolVersion): ConnectVerdict {
  const { clientId } = packet;
  if (version === "3.1" && (clientId === "" || [...clientId].length > LONGEST_ID_31)) {
    return IDENTIFIER_REJECTED;
  }
  // [MQTT-3.1.3-8]
  if (version === "3.1.1" && clientId === "" && !packet.cleanStart) return IDENTIFIER_REJECTED;
  // [MQTT-4.12.0-1] of 5.0
  if (propertyValue(packet.properties, "authenticationMethod") !== undefined) {
    return BAD_AUTHENTICATION_METHOD;
  }
  return ACCEPT;
}

/** Seconds for which a CONNECT asks its session to be kept after the close. */
export function askedExpiry(packet: ConnectPacket, version: ProtocolVersion): number {
  if (version !== "5.0") return packet.cleanStart ? 0 : Infinity;
  return expirySeconds(numberProperty(packet.properties, "sessionExpiryInterval", 0));
}

/** A Session Expiry Interval in seconds; its largest value means for ever. */
export function expirySeconds(interval: number): number {
  return interval === 0xffff_ffff ? Infinity : interval;
}
