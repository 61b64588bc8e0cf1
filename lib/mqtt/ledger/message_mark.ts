import type { PublishPacket, QoS } from "../packet.ts";

/** A small fingerprint of a message: messages with different marks are different. */
export interface MessageMark {
  readonly qos: QoS;
  /** Undefined if the topic is a topic alias with an unknown topic. */
  readonly topic: number | undefined;
  readonly payload: number;
  readonly length: number;
}

/** The number of bytes at the start and at the end of a payload that its mark covers. */
const LOOKED_AT = 2048;

/** Returns the mark of a message; `topic` is the name that the packet's topic alias stands for. */
export function markOf({ qos, payload }: PublishPacket, topic: string | undefined): MessageMark {
  const head = payload.subarray(0, LOOKED_AT);
  const tail = payload.subarray(Math.max(LOOKED_AT, payload.length - LOOKED_AT));
  return {
    qos,
    topic: topic === undefined ? undefined : markOfText(topic),
    payload: hash(tail, hash(head, SEED)),
    length: payload.length,
  };
}

/** Whether two marks may belong to the same message. */
export function sameMessage(a: MessageMark, b: MessageMark): boolean {
  return a.qos === b.qos && a.payload === b.payload && a.length === b.length &&
    (a.topic === undefined || b.topic === undefined || a.topic === b.topic);
}

// FNV-1a of 32 bits.
const SEED = 0x811c_9dc5;
const PRIME = 0x0100_0193;

function hash(bytes: Uint8Array, from: number): number {
  let value = from;
  for (const byte of bytes) value = Math.imul(value ^ byte, PRIME);
  return value;
}

function markOfText(text: string): number {
  let value = SEED;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), PRIME);
  return value;
}
