import type { Frame, Violation } from "../mqtt/frame.ts";
import type { Draft, ProtocolVersion } from "../mqtt/packet.ts";

const CLAUSES: Readonly<Partial<Record<ProtocolVersion, string>>> = {
  "3.1.1": "MQTT-2.3.1-4",
  "5.0": "MQTT-2.2.1-4",
};

/**
 * The packet ids of the deliveries that one client has not acknowledged on its connection. A PUBLISH that is no repetition must not have
 * one of them, whatever the case is about.
 */
export class InFlight {
  readonly #version: ProtocolVersion;
  readonly #ids = new Set<number>();

  constructor(version: ProtocolVersion) {
    this.#version = version;
  }

  /** Something came in; gives the frame with the broken rule if it has a packet id that is in use. */
  received(frame: Frame): Frame {
    if (frame.kind !== "packet") return frame;
    const { packet } = frame;
    // Without a session that goes on, nothing is in flight; 3.1 can't say which it is.
    if (packet.type === "CONNACK" && !packet.sessionPresent) this.#ids.clear();
    if (packet.type !== "PUBLISH" || packet.packetId === undefined) return frame;
    const used = this.#ids.has(packet.packetId) && !packet.dup;
    this.#ids.add(packet.packetId);
    return used ? { ...frame, violations: [...frame.violations, this.#violation(packet.packetId)] } : frame;
  }

  /** The client sent this. */
  sent(draft: Draft): void {
    if (draft.type === "PUBACK" || draft.type === "PUBCOMP") this.#free(draft.packetId);
    else if (draft.type === "PUBREC" && (draft.reason ?? 0) >= 0x80) this.#free(draft.packetId);
  }

  /** A new connection, or bytes of the client's own, which may have acknowledged anything. */
  forget(): void {
    this.#ids.clear();
  }

  #free(packetId: number | undefined): void {
    if (packetId !== undefined) this.#ids.delete(packetId);
  }

  #violation(packetId: number): Violation {
    const clause = CLAUSES[this.#version];
    return {
      rule: "packet-id-in-use",
      ...(clause === undefined ? {} : { clause }),
      offset: 0,
      message: `The packet id ${packetId} is that of a delivery that this client has not acknowledged yet`,
    };
  }
}
