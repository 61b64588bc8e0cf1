import { Decoder } from "../../mqtt/decode.ts";
import { describe } from "../../mqtt/describe.ts";
import type { ProtocolVersion } from "../../mqtt/packet.ts";
import type { FaultKind, LoadFault } from "../../run/load_event.ts";
import { COUNT } from "./counter_ids.ts";
import type { MetricRecorder } from "./metric_recorder.ts";
import { LARGEST_PACKET } from "./packet_splitter.ts";

/** How many faults of each kind are kept with their evidence. */
const MOST_EVIDENCE = 10;
/** The most bytes of a packet, and packets before it, that are shown as evidence. */
const SHOWN_BYTES = 512;
const SHOWN_PACKETS = 8;

const COUNTER_OF: Readonly<Record<FaultKind, number>> = {
  "qos2-duplicate": COUNT.qos2Duplicate,
  "packet-id-reuse": COUNT.packetIdReuse,
  "receive-maximum": COUNT.receiveMaximum,
  "retain-flag": COUNT.retainFlag,
  "protocol": COUNT.protocol,
  "corrupted": COUNT.corrupted,
  // The receiver counts duplicates, because not every duplicate is a fault.
  "duplicated": -1,
  "reordered": COUNT.reordered,
  "unexpected": COUNT.unexpected,
};

/** A fault with its evidence; the time is added when it is recorded. */
export type FaultEvidence = Omit<LoadFault, "kind" | "t">;

/** Counts protocol violations of brokers, and keeps the first faults of each kind with their evidence. */
export class FaultLog {
  readonly #recorder: MetricRecorder;
  readonly #protocol: ProtocolVersion;
  readonly #keep: (fault: FaultEvidence) => void;
  readonly #kept = new Map<FaultKind, number>();

  /** `keep` gets each fault that is kept. */
  constructor(recorder: MetricRecorder, protocol: ProtocolVersion, keep: (fault: FaultEvidence) => void) {
    this.#recorder = recorder;
    this.#protocol = protocol;
    this.#keep = keep;
  }

  /** Adds a fault that a client found in the packet from `start` to `end` of `bytes`; `text` says in a sentence what it is. */
  add(
    kind: FaultKind,
    client: { readonly id: string },
    text: string,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    const counter = COUNTER_OF[kind];
    if (counter >= 0) this.#recorder.add(counter, 1);
    const kept = this.#kept.get(kind) ?? 0;
    if (kept >= MOST_EVIDENCE) return;
    this.#kept.set(kind, kept + 1);
    this.#keep({
      fault: kind,
      client: client.id,
      text,
      chart: this.#chart(bytes, end),
      hex: bytes.subarray(start, Math.min(end, start + SHOWN_BYTES)).toHex(),
      size: end - start,
    });
  }

  /** Describes the last packets that were read together with the packet that ends at `end`. */
  #chart(bytes: Uint8Array, end: number): readonly string[] {
    const decoder = new Decoder({ version: this.#protocol, maximumPacketSize: LARGEST_PACKET });
    decoder.push(bytes.subarray(0, end));
    const lines: string[] = [];
    for (let frame = decoder.next(); frame; frame = decoder.next()) {
      lines.push(
        frame.kind === "packet" ? describe(frame.packet) : frame.violations[0]?.message ?? frame.kind,
      );
      if (lines.length > SHOWN_PACKETS) lines.shift();
      if (frame.kind === "broken") break;
    }
    return lines;
  }
}
