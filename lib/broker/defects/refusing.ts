import { decodeOne } from "../../mqtt/decode.ts";
import type { Frame } from "../../mqtt/frame.ts";
import type { Packet, ProtocolVersion } from "../../mqtt/packet.ts";
import type { Defect } from "./defect.ts";

/** The packet of a frame that breaks a rule, read as far as possible. */
function readAnyhow(frame: Frame, version: ProtocolVersion): Packet | undefined {
  if (frame.kind === "packet") return frame.packet;
  const [violation] = frame.violations;
  // QoS 3 is read as QoS 1 in a subscription, and as QoS 2 in a PUBLISH.
  const bits = violation?.rule === "qos-3" ? 0x02 : violation?.rule === "subscription-qos-3" ? 0x02 : 0;
  if (!violation || bits === 0) return undefined;
  const raw = frame.raw.slice();
  raw[violation.offset] = (raw[violation.offset] ?? 0) & ~bits;
  const read = decodeOne(raw, version);
  return read.kind === "packet" ? read.packet : undefined;
}

/** Faults of refusals: what is refused still has an effect. */
export const REFUSING_DEFECTS: readonly Defect[] = [
  {
    id: "refused-filter-brings-retained",
    description: "A refused subscription gets its retained messages",
    clauses: ["MQTT-3.8.4-5"],
    alter: () => ({ refusedFilterEffect: "retained" }),
  },
  {
    id: "refused-filter-subscribed",
    description: "A subscription refused in SUBACK is made anyway",
    clauses: ["MQTT-3.8.4-5"],
    alter: () => ({ refusedFilterEffect: "subscription" }),
  },
  {
    id: "refused-filter-spoils-the-next",
    description: "Filters after a refused one are granted in SUBACK but not subscribed",
    clauses: ["MQTT-3.8.4-4"],
    alter: (right) => ({
      subscribesTo: (subscriptions) => {
        const filterOf = (one: unknown) =>
          typeof one === "object" && one !== null && "filter" in one && typeof one.filter === "string"
            ? one.filter
            : "";
        const all = right.subscribesTo(subscriptions);
        const refused = all.findIndex((one, place) =>
          right.refusesFilter(filterOf(one), place) !== undefined
        );
        return refused < 0 ? all : all.slice(0, refused + 1);
      },
    }),
  },
  {
    id: "refused-message-delivered",
    description: "A refused message is delivered",
    clauses: ["MQTT-3.3.5-2"],
    alter: () => ({ refusedMessageEffect: "delivery" }),
  },
  {
    id: "refused-message-retained",
    description: "A refused message is not delivered, but is retained if it has RETAIN 1",
    clauses: ["MQTT-3.3.5-2", "MQTT-3.3.1-5"],
    alter: () => ({ refusedMessageEffect: "retention" }),
  },
  {
    id: "refused-connect-drops-queue",
    description: "A refused CONNECT drops the messages queued for its client id",
    clauses: ["MQTT-3.1.4-1", "MQTT-3.1.2-5"],
    alter: () => ({ refusedEffect: "queue" }),
  },
  {
    id: "refused-connect-forgets-handshakes",
    description: "A refused CONNECT makes the broker forget the messages in flight of its client id",
    clauses: ["MQTT-3.1.4-1", "MQTT-4.4.0-1"],
    alter: () => ({ refusedEffect: "handshakes" }),
  },
  {
    id: "refused-connect-stops-timers",
    description: "A refused CONNECT cancels the delayed will of its client id",
    clauses: ["MQTT-3.1.4-1", "MQTT-3.1.2-8"],
    alter: () => ({ refusedEffect: "timers" }),
  },
  {
    id: "wrong-packet-carried-out",
    description: "A packet that violates a rule is executed before the connection is closed for it",
    clauses: ["MQTT-4.8.0-1"],
    alter: () => ({ carriesOut: readAnyhow }),
  },
];
