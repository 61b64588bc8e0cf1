import type { PublishPacket, QoS } from "../packet.ts";

/** What tells two messages apart, in a few numbers: messages of different marks are different. */
export interface MessageMark {
  readonly qos: QoS;
  /** Undefined where a topic alias stands for the topic and nobody knows for which. */
  readonly topic: number | undefined;
  readonly payload: number;
  readonly length: number;
}

/** So many bytes at the beginning and at the end of a payload make its mark. */
const LOOKED_AT = 2048;

/** The mark of a message that is sent; `topic` is the name for which the packet's topic alias stands. */
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

/** Whether two marks may be of one message. */
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
