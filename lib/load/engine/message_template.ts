import { encode } from "../../mqtt/encode.ts";
import type { Property, ProtocolVersion } from "../../mqtt/packet.ts";
import { hashAround, hashBytes, MARK_BYTES, TEXT_MARK, writeTextMark } from "./mark.ts";
import { MARK_PROPERTY } from "./mark_place.ts";
import type { Payload, PublishSettings } from "../profile/group.ts";
import { fill, type Template, type Words } from "../profile/template.ts";

/** A PUBLISH that was encoded once; packet id and mark are patched into a copy for each message. */
export interface MessageTemplate {
  /** The packet, without its payload if that is in `body`. */
  readonly head: Uint8Array;
  /** A large payload, which all messages of this size share. */
  readonly body: Uint8Array | undefined;
  /** The length of the whole packet in bytes. */
  readonly length: number;
  /** The offset of the packet id; 0 at QoS 0. */
  readonly idAt: number;
  readonly payloadAt: number;
  readonly payloadSize: number;
  /** The hash of the payload after its mark. */
  readonly hash: number;
}

/** A payload larger than this is not copied into each template. */
const COPIED = 1_024;

/** The payload of one size, and the hash of its bytes after the mark. */
export interface Filling {
  readonly bytes: Uint8Array;
  readonly hash: number;
}

/** Makes the payload of a size from a seed; the bytes of the mark are zero. */
export function fillingOf(size: number, seed: number): Filling {
  const bytes = new Uint8Array(size);
  let state = (seed ^ size) | 1;
  for (let at = MARK_BYTES; at < size; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state;
  }
  return { bytes, hash: hashBytes(bytes, Math.min(MARK_BYTES, size), size) };
}

/** What the packets of one flow have in common. */
export interface FlowHead {
  readonly topic: string;
  readonly publishing: PublishSettings;
  readonly version: ProtocolVersion;
  /** A topic alias to send (5.0), with the topic or instead of it. */
  readonly alias?: { readonly number: number; readonly withTopic: boolean } | undefined;
}

/** Encodes the packet of a flow with the payload of one size. */
export function templateOf(flow: FlowHead, filling: Filling): MessageTemplate {
  const { bytes, hash } = filling;
  const packet = encodeFlow(flow, bytes);
  const payloadAt = packet.length - bytes.length;
  const apart = bytes.length > COPIED;
  return {
    head: packet.slice(0, apart ? payloadAt : packet.length),
    body: apart ? bytes : undefined,
    length: packet.length,
    idAt: idPlace(packet, flow),
    payloadAt,
    payloadSize: bytes.length,
    hash,
  };
}

/** The values of one message with a text payload. */
export interface MessageWords {
  readonly flow: number;
  readonly sequence: number;
  /** In µs, as in a mark. */
  readonly due: number;
  readonly delay: number;
  /** For `$time`: milliseconds since 1970. */
  readonly time: number;
  /** For `$random`: 0 to 2^31 - 1. */
  readonly random: number;
  /** For files of data: the number of the message among those of its group. */
  readonly row: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const markText = new Uint8Array(TEXT_MARK);
/** Stands for the mark while a text is filled in: a noncharacter, which cannot occur in a profile. */
const HOLE = "\u{fdd0}";

/** Encodes a whole message with a text payload. Its packet id, at the offset `idAt`, is zero. */
export function encodeText(
  flow: FlowHead,
  template: Template,
  client: Words,
  message: MessageWords,
): { readonly packet: Uint8Array; readonly idAt: number } {
  const words = {
    ...client,
    sequence: message.sequence,
    time: message.time,
    random: message.random,
    row: message.row,
    mark: HOLE,
  };
  const [before = "", ...after] = fill(template, words).split(HOLE);
  const front = encoder.encode(before);
  const back = encoder.encode(after.join(""));
  const payload = new Uint8Array(front.length + TEXT_MARK + back.length);
  payload.set(front);
  payload.set(back, front.length + TEXT_MARK);
  const hash = hashAround(payload, 0, front.length, payload.length);
  writeTextMark(payload, front.length, hash, message.flow, message.sequence, message.due, message.delay);
  const packet = encodeFlow(flow, payload).slice();
  return { packet, idAt: idPlace(packet, flow) };
}

/** Encodes a whole message whose payload is exactly the template's text; its mark is outside the payload. */
export function encodeExact(
  flow: FlowHead,
  { template, mark }: Extract<Payload, { kind: "exact" }>,
  client: Words,
  message: MessageWords,
): { readonly packet: Uint8Array; readonly idAt: number } {
  const { sequence, time, random, row } = message;
  const payload = encoder.encode(fill(template, { ...client, sequence, time, random, row }));
  const hash = hashBytes(payload, 0, payload.length);
  writeTextMark(markText, 0, hash, message.flow, sequence, message.due, message.delay);
  const text = decoder.decode(markText);
  const { publishing } = flow;
  const marked: FlowHead = mark === "topic"
    // The topic of such a flow ends with the character that begins a mark.
    ? { ...flow, topic: flow.topic + text.slice(1) }
    : {
      ...flow,
      publishing: { ...publishing, userProperties: [...publishing.userProperties, [MARK_PROPERTY, text]] },
    };
  const packet = encodeFlow(marked, payload).slice();
  return { packet, idAt: idPlace(packet, flow) };
}

/** Chooses the size of a payload by weight; `random` returns 0 to 1. */
export function sizeAt(payload: Extract<Payload, { kind: "bytes" }>, random: () => number): number {
  const { sizes } = payload;
  const [first] = sizes;
  if (first === undefined) return MARK_BYTES;
  if (sizes.length === 1) return first.size;
  let left = random() * sizes.reduce((sum, one) => sum + one.weight, 0);
  for (const { size, weight } of sizes) {
    left -= weight;
    if (left < 0) return size;
  }
  return first.size;
}

function encodeFlow(flow: FlowHead, payload: Uint8Array): Uint8Array {
  const { publishing, alias, version } = flow;
  const properties: Property[] = alias ? [{ name: "topicAlias", value: alias.number }] : [];
  for (const value of publishing.userProperties) properties.push({ name: "userProperty", value });
  return encode({
    type: "PUBLISH",
    topic: alias && !alias.withTopic ? "" : flow.topic,
    qos: publishing.qos,
    retain: publishing.retain,
    payload,
    packetId: publishing.qos > 0 ? 0 : undefined,
    properties,
  }, version);
}

function idPlace(packet: Uint8Array, flow: FlowHead): number {
  if (flow.publishing.qos === 0) return 0;
  let at = 1;
  while (((packet[at] ?? 0) & 0x80) !== 0) at++;
  const topic = at + 1;
  return topic + 2 + ((packet[topic] ?? 0) << 8 | (packet[topic + 1] ?? 0));
}
