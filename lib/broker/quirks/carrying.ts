import { type FrameDraft, OPCODE } from "../../transport/websocket_frame.ts";
import type { Quirk } from "./quirk.ts";

/** How many of the bytes that could be sent at once are sent one by one. */
const APART = 16;

function* apart(bytes: Uint8Array): Generator<Uint8Array> {
  const most = Math.min(APART, bytes.length);
  for (let at = 0; at < most; at++) yield bytes.subarray(at, at + 1);
  if (bytes.length > most) yield bytes.subarray(most);
}

/** Pieces of random sizes, a thirtieth of the whole or 1 to 7 bytes. */
function* randomly(bytes: Uint8Array, random: () => number): Generator<Uint8Array> {
  const most = Math.max(7, Math.ceil(bytes.length / 15));
  for (let at = 0; at < bytes.length;) {
    const size = 1 + Math.floor(random() * most);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** The payloads of small WebSocket frames: ten of 3 bytes, then some of 4,096, so a large packet does not take long. */
function parts(payload: Uint8Array): readonly Uint8Array[] {
  const all: Uint8Array[] = [];
  for (let at = 0; at < payload.length;) {
    const size = all.length < 10 ? 3 : 4_096;
    all.push(payload.subarray(at, at + size));
    at += size;
  }
  return all;
}

function writes(frames: (payload: Uint8Array) => readonly FrameDraft[]): Quirk["alter"] {
  return (usual) => ({ websocket: { ...usual.websocket, frames } });
}

/** Quirks of the segments and frames that carry packets. */
export const CARRYING_QUIRKS: readonly Quirk[] = [
  {
    id: "bytes-apart",
    about:
      "When several bytes could be sent at once, the first 16 are sent one by one, 1 ms apart, and the rest after them",
    lawful: "TCP is a stream of bytes, and its segments have no meaning",
    alter: () => ({ pieces: apart, pieceGapMs: 1 }),
  },
  {
    id: "pieces-at-random",
    about: "Packets are split into pieces of random sizes, 1 ms apart",
    lawful: "TCP is a stream of bytes, and its segments have no meaning",
    alter: (_, { random }) => ({ pieces: (bytes) => randomly(bytes, random), pieceGapMs: 1 }),
  },
  {
    id: "output-gathered",
    about: "Packets are collected for 50 ms and sent in one segment or WebSocket frame",
    lawful:
      "TCP is a stream of bytes, and its segments have no meaning; a frame may hold several packets (MQTT-6.0.0-2)",
    alter: () => ({ gathersMs: 50 }),
  },
  {
    id: "websocket-frames-small",
    over: "ws",
    about: "Output is sent in WebSocket messages of 3 bytes, and of 4,096 after the tenth",
    lawful: "MQTT-6.0.0-2: a receiver must not assume that packets are aligned on WebSocket frames",
    alter: writes((payload) => parts(payload).map((part) => ({ opcode: OPCODE.binary, payload: part }))),
  },
  {
    id: "websocket-fragments",
    over: "ws",
    about: "Output is sent as one WebSocket message in fragments of 3 bytes, and of 4,096 after the tenth",
    lawful: "RFC 6455 allows fragments, and MQTT-6.0.0-2 allows frames of any size",
    alter: writes((payload) =>
      parts(payload).map((part, n, all) => ({
        opcode: n === 0 ? OPCODE.binary : OPCODE.continuation,
        payload: part,
        final: n === all.length - 1,
      }))
    ),
  },
  {
    id: "websocket-pings",
    over: "ws",
    about: "A WebSocket ping is sent before each output",
    lawful: "RFC 6455 lets either side send pings at any time",
    alter: writes((payload) => [
      { opcode: OPCODE.ping, payload: Uint8Array.of(1) },
      { opcode: OPCODE.binary, payload },
    ]),
  },
  {
    id: "websocket-closes-silently",
    over: "ws",
    about: "The connection is closed without a WebSocket close frame",
    lawful:
      "MQTT requires only the end of the network connection; RFC 6455 defines status 1006 for a close without a close frame",
    alter: (usual) => ({ websocket: { ...usual.websocket, closesSilently: true } }),
  },
];
