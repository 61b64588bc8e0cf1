import { decodeOne } from "../mqtt/decode.ts";
import { describe } from "../mqtt/describe.ts";
import type { Frame } from "../mqtt/frame.ts";
import type { PacketType, ProtocolVersion } from "../mqtt/packet.ts";
import type { ChartEntry, RunEvent } from "../run/event.ts";
import { describeFrame, describeViolation } from "./frame_text.ts";

/** Where the events of a run go, in the order in which they happen. */
export type Emit = (event: RunEvent) => void;

/** How many bytes of a packet or line the journal keeps; the size is always told. */
const KEPT_BYTES = 2048;

/** Writes the sequence chart of one running case. */
export class Recorder {
  #emit: Emit | undefined;
  readonly #now: () => number;
  readonly #n: number;
  /** The step (index) that runs; what happens meanwhile is charted under it. */
  step: number | undefined;
  /** Whether packets are left out for now, where there would be hundreds that nobody reads; notes are not. */
  quiet = false;

  /**
   * `now` gives milliseconds since the run began; `n` is the number of the case's execution. Without `emit` nothing is
   * charted, and nothing is spent on it.
   */
  constructor(emit: Emit | undefined, now: () => number, n: number) {
    this.#emit = emit;
    this.#now = now;
    this.#n = n;
  }

  /** The case is over: what still happens on its lanes is not charted. */
  end(): void {
    this.#emit = undefined;
  }

  /** A packet that a lane sent: `bytes` are what went on the wire, and what it is called follows from them. */
  sent(lane: string, type: PacketType, bytes: Uint8Array, version: ProtocolVersion): void {
    if (!this.#emit || this.quiet) return;
    const frame = decodeOne(bytes, version);
    const text = frame.kind === "packet" ? describe(frame.packet) : type;
    this.bytes(lane, "sent", frame.violations.length > 0 ? `${text} (wrong on purpose)` : text, bytes);
  }

  /** A packet that a lane received; `foreign` when it was passed over. */
  received(lane: string, frame: Frame, foreign = false): void {
    if (!this.#emit || this.quiet) return;
    const violations = frame.violations.map(describeViolation);
    this.bytes(lane, "received", describeFrame(frame), frame.raw, { violations, foreign });
  }

  /** Bytes that a lane sent or received, with one line that says what they are. */
  bytes(
    lane: string,
    direction: "sent" | "received",
    text: string,
    bytes: Uint8Array,
    marks: { readonly violations?: readonly string[]; readonly foreign?: boolean } = {},
  ): void {
    if (!this.#emit || this.quiet) return;
    this.#chart({
      lane,
      direction,
      text,
      hex: bytes.subarray(0, KEPT_BYTES).toHex(),
      size: bytes.length,
      ...(marks.violations?.length ? { violations: marks.violations } : {}),
      ...(marks.foreign ? { foreign: true } : {}),
    });
  }

  /** Something that happened on a lane and is no packet. */
  note(lane: string, text: string): void {
    this.#chart({ lane, direction: "note", text });
  }

  #chart(entry: Omit<ChartEntry, "kind" | "t" | "n" | "step">): void {
    const step = this.step === undefined ? {} : { step: this.step };
    this.#emit?.({ kind: "chart", t: this.#now(), n: this.#n, ...entry, ...step });
  }
}
