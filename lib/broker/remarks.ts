import type { Draft } from "../mqtt/packet.ts";
import type { BrokerBehaviour } from "./behaviour.ts";

/** Packets that may carry remarks even if the client asked for none. [MQTT-3.1.2-29] of 5.0 */
const ALWAYS: ReadonlySet<string> = new Set(["PUBLISH", "CONNACK", "DISCONNECT"]);

/** A packet of 5.0 with the broker's own remarks; undefined if it adds none. `wanted` says whether the client wants remarks. */
export function remarked(draft: Draft, behaviour: BrokerBehaviour, wanted: boolean): Draft | undefined {
  const remarks = behaviour.remarks(draft);
  if (remarks.length === 0 || !(wanted || ALWAYS.has(draft.type))) return undefined;
  switch (draft.type) {
    case "CONNACK":
    case "PUBLISH":
    case "PUBACK":
    case "PUBREC":
    case "PUBREL":
    case "PUBCOMP":
    case "SUBACK":
    case "UNSUBACK":
    case "DISCONNECT":
    case "AUTH":
      return { ...draft, properties: [...draft.properties ?? [], ...remarks] };
    default:
      return undefined;
  }
}
