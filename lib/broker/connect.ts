import type { Frame, Violation } from "../mqtt/frame.ts";
import type { ConnectPacket, Property, ProtocolVersion } from "../mqtt/packet.ts";
import type { BrokerBehaviour, ConnectVerdict } from "./behaviour.ts";
import { numberProperty, propertyValue } from "./message.ts";
import {
  BAD_AUTHENTICATION_METHOD,
  MALFORMED_PACKET,
  QOS_NOT_SUPPORTED,
  RETAIN_NOT_SUPPORTED,
  TOPIC_NAME_INVALID,
} from "./reasons.ts";

const CLOSE: ConnectVerdict = { kind: "close" };
const ACCEPT: ConnectVerdict = { kind: "accept" };

/** Return codes of a 3.x CONNACK. */
const UNACCEPTABLE_VERSION = 0x01;
const IDENTIFIER_REJECTED = 0x02;
const NOT_AUTHORIZED_3 = 0x05;

/** The Session Expiry Interval of a session that never expires. */
const FOR_EVER = 0xffff_ffff;
/** The longest client id of 3.1, in characters. */
const LONGEST_ID_31 = 23;

/** The beginning of every client id that the broker assigns. */
export const ASSIGNED = "attest-";

/** The limits that an accepting CONNACK of 5.0 announces. */
export interface Announced {
  readonly maximumPacketSize: number;
  readonly topicAliasMaximum: number;
  /** The client id, if the broker assigned it. */
  readonly assignedClientId: string | undefined;
  /** Seconds for which the broker keeps the session, if it differs from the client's value. */
  readonly sessionExpirySeconds: number | undefined;
}

/** The answer to a frame that holds a CONNECT, read as `version`. */
export function judgeConnect(
  frame: Frame,
  version: ProtocolVersion,
  behaviour: BrokerBehaviour,
): ConnectVerdict {
  const broken = frame.violations.filter((violation) => !behaviour.tolerates(violation, "CONNECT"));
  const right = judgeFrame(frame, broken, version, behaviour);
  const packet = frame.kind === "packet" && frame.packet.type === "CONNECT" ? frame.packet : undefined;
  const verdict = packet ? behaviour.connect(right, packet) : right;
  return verdict.kind === "accept" ? verdict : behaviour.refusal(verdict, version, broken[0]);
}

function judgeFrame(
  frame: Frame,
  broken: readonly Violation[],
  version: ProtocolVersion,
  behaviour: BrokerBehaviour,
): ConnectVerdict {
  if (frame.kind === "broken" || frame.kind === "oversized") return CLOSE;
  if (broken.some((violation) => violation.rule === "protocol-name")) return CLOSE; // [MQTT-3.1.2-1]
  // [MQTT-3.1.2-2]
  if (broken.some((violation) => violation.rule === "protocol-level")) return refuse(UNACCEPTABLE_VERSION);
  // [MQTT-3.1.4-1]
  if (broken.length > 0 || frame.kind === "malformed") {
    return version === "5.0" ? refuse(MALFORMED_PACKET) : CLOSE;
  }
  const { packet } = frame;
  return packet.type === "CONNECT" ? judgeFields(packet, version, behaviour) : CLOSE;
}

function judgeFields(
  packet: ConnectPacket,
  version: ProtocolVersion,
  behaviour: BrokerBehaviour,
): ConnectVerdict {
  const { clientId, will } = packet;
  if (version === "3.1" && (clientId === "" || [...clientId].length > LONGEST_ID_31)) {
    return refuse(IDENTIFIER_REJECTED);
  }
  // [MQTT-3.1.3-8]
  if (version === "3.1.1" && clientId === "" && !packet.cleanStart) return refuse(IDENTIFIER_REJECTED);
  // [MQTT-4.12.0-1] of 5.0
  const method = propertyValue(packet.properties, "authenticationMethod");
  if (method !== undefined && !behaviour.methods.some(({ name }) => name === method)) {
    return refuse(BAD_AUTHENTICATION_METHOD);
  }
  const five = version === "5.0";
  if (five && will && will.qos > behaviour.maximumQos) return refuse(QOS_NOT_SUPPORTED); // [MQTT-3.2.2-12]
  if (five && will?.retain && !behaviour.retainAvailable) return refuse(RETAIN_NOT_SUPPORTED); // [MQTT-3.2.2-13]
  if (will && behaviour.refusesTopic(will.topic)) return refuse(five ? TOPIC_NAME_INVALID : NOT_AUTHORIZED_3);
  return ACCEPT;
}

function refuse(reason: number): ConnectVerdict {
  return { kind: "refuse", reason };
}

/** The properties of an accepting CONNACK of 5.0. */
export function connackProperties(
  packet: ConnectPacket,
  announced: Announced,
  behaviour: BrokerBehaviour,
): readonly Property[] {
  const receiveMaximum = behaviour.receiveMaximum("5.0");
  const right: (Property | false)[] = [
    number("maximumPacketSize", announced.maximumPacketSize),
    number("topicAliasMaximum", announced.topicAliasMaximum),
    receiveMaximum < 0xffff && number("receiveMaximum", receiveMaximum),
    behaviour.maximumQos < 2 && number("maximumQoS", behaviour.maximumQos),
    !behaviour.retainAvailable && number("retainAvailable", 0),
    !behaviour.wildcardsAvailable && number("wildcardSubscriptionAvailable", 0),
    !behaviour.identifiersAvailable && number("subscriptionIdentifierAvailable", 0),
    !behaviour.sharedAvailable && number("sharedSubscriptionAvailable", 0),
    behaviour.serverKeepAlive !== undefined && number("serverKeepAlive", behaviour.serverKeepAlive),
    announced.sessionExpirySeconds !== undefined &&
    number("sessionExpiryInterval", Math.min(announced.sessionExpirySeconds, FOR_EVER)),
    // [MQTT-3.1.3-7] of 5.0
    announced.assignedClientId !== undefined &&
    { name: "assignedClientIdentifier", value: announced.assignedClientId },
  ];
  return behaviour.announces(right.filter((property) => property !== false), packet);
}

function number(name: string, value: number): Property {
  return { name, value };
}

/** Seconds for which the session of a CONNECT must be kept after the close. */
export function askedExpiry(packet: ConnectPacket, version: ProtocolVersion): number {
  if (version !== "5.0") return packet.cleanStart ? 0 : Infinity;
  return expirySeconds(numberProperty(packet.properties, "sessionExpiryInterval", 0));
}

/** A Session Expiry Interval in seconds; its largest value means forever. */
export function expirySeconds(interval: number): number {
  return interval === FOR_EVER ? Infinity : interval;
}
