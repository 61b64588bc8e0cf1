import type { Cursor } from "./cursor.ts";
import { readProperties } from "./decode_properties.ts";
import type {
  AuthPacket,
  ConnackPacket,
  ConnectPacket,
  DisconnectPacket,
  Property,
  QoS,
  Will,
} from "./packet.ts";
import { type ReasonedType, reasonName } from "./reasons.ts";
import { topicNameFault } from "./topic.ts";

const NONE: readonly Property[] = Object.freeze([]);

/** Reads the body of a CONNECT. If the level is not 3, 4 or 5, stops after the keep alive. */
export function readConnect(cursor: Cursor): ConnectPacket {
  const nameAt = cursor.at;
  const protocolName = cursor.text("The protocol name");
  const levelAt = cursor.at;
  const protocolLevel = cursor.byte("The protocol level");
  const flagsAt = cursor.at;
  const flags = cursor.byte("The connect flags");
  const keepAlive = cursor.twoBytes("The keep alive");
  const cleanStart = (flags & 0x02) !== 0;
  const wanted = protocolLevel === 3 ? "MQIsdp" : "MQTT";
  if (protocolName !== wanted) {
    const message = `The protocol name of level ${protocolLevel} must be "${wanted}"; found another name`;
    cursor.violate("protocol-name", nameAt, message);
  }
  const head = { type: "CONNECT", protocolName, protocolLevel, cleanStart, keepAlive } as const;
  if (protocolLevel < 3 || protocolLevel > 5) {
    cursor.violate("protocol-level", levelAt, `The protocol level is ${protocolLevel}; it must be 3, 4 or 5`);
    cursor.at = cursor.end;
    return { ...head, clientId: "", properties: NONE };
  }
  checkFlags(cursor, flags, flagsAt);
  const properties = readProperties(cursor, "CONNECT");
  checkAuthentication(cursor, properties, flagsAt + 3);
  const clientId = cursor.text("The client id");
  const will = (flags & 0x04) !== 0 ? readWill(cursor, flags, flagsAt) : undefined;
  // In 3.1 the remaining length takes precedence over the flags of user name and password.
  const absent = () => cursor.version === "3.1" && cursor.left === 0;
  const userName = (flags & 0x80) !== 0 && !absent() ? cursor.text("The user name") : undefined;
  const password = (flags & 0x40) !== 0 && !absent() ? cursor.data("The password") : undefined;
  return {
    ...head,
    clientId,
    ...(will === undefined ? {} : { will }),
    ...(userName === undefined ? {} : { userName }),
    ...(password === undefined ? {} : { password }),
    properties,
  };
}

function checkFlags(cursor: Cursor, flags: number, at: number): void {
  const userName = (flags & 0x80) !== 0;
  const password = (flags & 0x40) !== 0;
  if (password && !userName && cursor.version !== "5.0") {
    cursor.violate("password-without-user-name", at, "The password flag is 1 while the user name flag is 0");
  }
  // In 3.1 these bits are merely unused.
  if (cursor.version === "3.1") return;
  if ((flags & 0x01) !== 0) {
    cursor.violate("connect-flag-reserved", at, "The reserved connect flag, bit 0, is 1; it must be 0");
  }
  if ((flags & 0x04) !== 0) return;
  if ((flags & 0x18) !== 0) {
    cursor.violate(
      "will-qos-without-will",
      at,
      `The will flag is 0, but the will QoS is ${(flags >> 3) & 3}; it must be 0`,
    );
  }
  if ((flags & 0x20) !== 0) {
    cursor.violate(
      "will-retain-without-will",
      at,
      "The will flag is 0, but the will retain flag is 1; it must be 0",
    );
  }
}

function checkAuthentication(cursor: Cursor, properties: readonly Property[], at: number): void {
  const names = new Set(properties.map((property) => property.name));
  if (names.has("authenticationData") && !names.has("authenticationMethod")) {
    cursor.violate(
      "authentication-data-alone",
      at,
      "authenticationData is present without authenticationMethod",
    );
  }
}

function readWill(cursor: Cursor, flags: number, flagsAt: number): Will {
  const bits = (flags >> 3) & 3;
  if (bits === 3) cursor.fail("will-qos-3", flagsAt, "The will QoS is 3; it must be 0, 1 or 2");
  const qos: QoS = bits === 1 ? 1 : bits === 2 ? 2 : 0;
  const properties = readProperties(cursor, "WILL");
  const topicAt = cursor.at;
  const topic = cursor.text("The will topic");
  const fault = topicNameFault(topic);
  // Text itself is checked for U+0000, but not in 3.1.
  if (fault && fault.rule !== "text-too-long" && (fault.rule !== "utf8-nul" || cursor.version === "3.1")) {
    cursor.violate(fault.rule, topicAt, fault.message);
  }
  const payload = cursor.data("The will message");
  return { topic, payload, qos, retain: (flags & 0x20) !== 0, properties };
}

/** Reads the body of a CONNACK. */
export function readConnack(cursor: Cursor): ConnackPacket {
  const at = cursor.at;
  const flags = cursor.byte("The acknowledge flags");
  const reason = cursor.byte("The reason code");
  // The byte is reserved and unused in 3.1.
  if (cursor.version !== "3.1") {
    if ((flags & 0xfe) !== 0) {
      cursor.violate("connack-flags", at, `The acknowledge flags are ${flags}; only bit 0 may be 1`);
    }
    if ((flags & 1) !== 0 && reason !== 0) {
      const message = `Session present is 1 with the code ${reason}; it must be 0 with any code but 0`;
      cursor.violate("session-present-with-error", at, message);
    }
  }
  checkReason(cursor, "CONNACK", reason, at + 1);
  const properties = readProperties(cursor, "CONNACK");
  return { type: "CONNACK", sessionPresent: (flags & 1) !== 0, reason, properties };
}

/**
 * Reads the body of a DISCONNECT. It is empty in 3.x, and in 5.0 if the reason is 0 and there are no
 * properties.
 */
export function readDisconnect(cursor: Cursor): DisconnectPacket {
  if (cursor.version !== "5.0") return { type: "DISCONNECT", reason: 0, properties: NONE };
  const reason = readReason(cursor, "DISCONNECT");
  const properties = cursor.left > 0 ? readProperties(cursor, "DISCONNECT") : NONE;
  return { type: "DISCONNECT", reason, properties };
}

/** Reads the body of an AUTH. */
export function readAuth(cursor: Cursor): AuthPacket {
  const reason = readReason(cursor, "AUTH");
  const properties = cursor.left > 0 ? readProperties(cursor, "AUTH") : NONE;
  return { type: "AUTH", reason, properties };
}

/** Reads a reason code, which may be omitted if it is 0 and nothing follows. */
export function readReason(cursor: Cursor, type: ReasonedType): number {
  if (cursor.left === 0) return 0;
  const at = cursor.at;
  const reason = cursor.byte("The reason code");
  checkReason(cursor, type, reason, at);
  return reason;
}

/** Records a code that the packet may not contain. */
export function checkReason(cursor: Cursor, type: ReasonedType, reason: number, at: number): void {
  if (reasonName(type, cursor.version, reason) !== undefined) return;
  const code = `0x${reason.toString(16).padStart(2, "0")}`;
  cursor.violate("reason-code", at, `The code ${code} is not allowed in ${type}`);
}
