import { encode } from "../../../lib/mqtt/encode.ts";
import type { HostilePeer } from "../visitor.ts";

/** How long a slow peer waits between two bytes, in milliseconds. */
const PAUSE_MS = 500;

/** A message whose bytes take longer than any case waits. */
const LONG = encode({ type: "PUBLISH", topic: "hostile/slow", payload: "x".repeat(1000) }, "3.1.1");

/** Peers that close a connection, or send little on it. */
export const ENDING: readonly HostilePeer[] = [
  {
    name: "close",
    about: "closes each connection at once",
    plays: "broker",
    answers: false,
    opened: (visitor) => visitor.close(),
  },
  {
    name: "close-connected",
    about: "closes each connection after its CONNACK",
    plays: "broker",
    connected: (visitor) => visitor.close(),
  },
  {
    name: "reset",
    about: "resets each connection at once",
    plays: "broker",
    answers: false,
    opened: (visitor) => visitor.reset(),
  },
  {
    name: "reset-connected",
    about: "resets each connection after its CONNACK",
    plays: "broker",
    connected: (visitor) => visitor.reset(),
  },
  { name: "silence", about: "reads everything and sends nothing", plays: "broker", answers: false },
  {
    name: "silence-connected",
    about: "sends CONNACK and nothing else",
    plays: "broker",
    answers: false,
    opened: (visitor) => visitor.write(encode({ type: "CONNACK" }, "3.1.1")),
  },
  {
    name: "trickle",
    about: "sends a PUBLISH in place of CONNACK, two bytes per second",
    plays: "broker",
    answers: false,
    opened: (visitor) => visitor.trickle(LONG, PAUSE_MS),
  },
  {
    name: "trickle-connected",
    about: "sends a PUBLISH after its CONNACK, two bytes per second",
    plays: "broker",
    connected: (visitor) => visitor.trickle(LONG, PAUSE_MS),
  },
];
