import { OPCODE } from "../../transport/websocket_frame.ts";
import type { Defect } from "./defect.ts";

/** Faults of MQTT over WebSocket. */
export const WEBSOCKET_DEFECTS: readonly Defect[] = [
  {
    id: "websocket-text-read",
    description: "Text frames are read as binary frames",
    clauses: ["MQTT-6.0.0-1"],
    alter: (right) => ({ websocket: { ...right.websocket, readsText: true } }),
  },
  {
    id: "websocket-text-sent",
    description: "Packets are sent in text frames",
    clauses: ["MQTT-6.0.0-1"],
    alter: (right) => ({ websocket: { ...right.websocket, writes: OPCODE.text } }),
  },
  {
    id: "websocket-frame-is-packet",
    description: "A binary frame is treated as exactly one packet",
    clauses: ["MQTT-6.0.0-2"],
    alter: (right) => ({ websocket: { ...right.websocket, takes: isOnePacket } }),
  },
  {
    id: "websocket-subprotocol-absent",
    description: "No subprotocol is chosen although mqtt was offered",
    clauses: ["MQTT-6.0.0-4"],
    alter: () => ({ subprotocol: () => ({ status: 101 }) }),
  },
  {
    id: "websocket-subprotocol-first",
    description: "The first offered subprotocol is chosen, whatever it is",
    clauses: ["MQTT-6.0.0-4"],
    alter: () => ({
      subprotocol: ([first]) => first === undefined ? { status: 400 } : { status: 101, subprotocol: first },
    }),
  },
  {
    id: "websocket-subprotocol-invented",
    description: "A subprotocol with another name is chosen for a client that offers none",
    clauses: ["MQTT-6.0.0-4"],
    alter: (right) => ({
      subprotocol: (offered) =>
        offered.length === 0 ? { status: 101, subprotocol: "mqttv3.1" } : right.subprotocol(offered),
    }),
  },
];

/** Whether bytes are exactly one whole packet, by its Remaining Length. */
function isOnePacket(bytes: Uint8Array): boolean {
  let length = 0;
  for (let at = 1; at <= 4; at++) {
    const byte = bytes[at];
    if (byte === undefined) return false;
    length += (byte & 0x7f) * 128 ** (at - 1);
    if (byte < 0x80) return bytes.length === at + 1 + length;
  }
  return false;
}
