import type { Quirk } from "./quirk.ts";

/** Quirks of deliveries to a client. */
export const DELIVERY_QUIRKS: readonly Quirk[] = [
  {
    id: "qos0-queued-offline",
    about: "QoS 0 messages are stored for a session while its client is offline",
    lawful: "section 3.1.2.4: a server MAY store QoS 0 messages too",
    alter: () => ({ keepsOffline: () => true }),
  },
  {
    id: "qos0-waits-its-turn",
    about: "A QoS 0 message waits while the maximum number of other messages is in flight",
    lawful: "section 4.9 of 5.0 lets other packets pass a full window, but does not require it",
    alter: () => ({ qos0WhenFull: "wait" }),
  },
  {
    id: "qos0-dropped-when-full",
    about: "A QoS 0 message is dropped while the maximum number of other messages is in flight",
    lawful: "QoS 0 is delivered at most once",
    alter: () => ({ qos0WhenFull: "drop" }),
  },
  {
    id: "qos0-dropped-when-slow",
    about: "QoS 0 messages are dropped while more than 64 KiB are queued for a client",
    lawful: "QoS 0 is delivered at most once",
    alter: () => ({ congestedBytes: 64 * 1024 }),
  },
  {
    id: "in-flight-1",
    about: "A client gets the next QoS 1 or 2 message only after it acknowledges the last one",
    lawful: "section 4.6 allows a window of 1; 5.0 allows any number up to the client's Receive Maximum",
    lacks: ["several-in-flight"],
    values: { inFlight: 1 },
    alter: () => ({ window: () => 1 }),
  },
  {
    id: "in-flight-2",
    about: "At most two QoS 1 and 2 messages are in flight to a client",
    lawful: "section 4.6 sets no number; 5.0 allows any number up to the client's Receive Maximum",
    values: { inFlight: 2 },
    alter: (usual) => ({ window: (receiveMaximum) => Math.min(usual.window(receiveMaximum), 2) }),
  },
  {
    id: "uses-topic-aliases",
    about:
      "The broker uses topic aliases if the client allows them, and reassigns them to other topics in turn",
    lawful: "MQTT-3.1.2-26 of 5.0 limits them to the client's Topic Alias Maximum",
    protocols: ["5.0"],
    alter: () => ({ usesAliases: true }),
  },
  {
    id: "packet-ids-lowest",
    about: "A delivery has the lowest free packet id",
    lawful: "MQTT-2.3.1-4 of 3.1.1 (MQTT-2.2.1-4 of 5.0) requires an id that is not in use",
    alter: () => ({ nextPacketId: (_, tries) => tries + 1 }),
  },
  {
    id: "packet-ids-descending",
    about: "Packet ids are assigned from 65,535 downwards",
    lawful: "MQTT-2.3.1-4 of 3.1.1 (MQTT-2.2.1-4 of 5.0) requires an id that is not in use",
    alter: () => ({ nextPacketId: (last) => last <= 1 ? 0xffff : last - 1 }),
  },
  {
    id: "packet-ids-random",
    about: "Packet ids are assigned at random",
    lawful: "MQTT-2.3.1-4 of 3.1.1 (MQTT-2.2.1-4 of 5.0) requires an id that is not in use",
    alter: (_, { random }) => ({ nextPacketId: () => 1 + Math.floor(random() * 0xffff) }),
  },
  {
    id: "resends-on-the-connection",
    about: "A 3.x message unacknowledged for 1 to 2 s is resent with DUP, and so is a PUBREL",
    lawful: "section 4.4 of 3.1.1 requires it after a reconnect and allows it otherwise; 5.0 forbids it",
    protocols: ["3.1", "3.1.1"],
    alter: () => ({ resendsEveryMs: (version) => version === "5.0" ? Infinity : 1_000 }),
  },
];
