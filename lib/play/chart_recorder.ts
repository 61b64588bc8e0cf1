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

/** So many entries of one case are charted as they come; of what follows only the last. */
const FIRST_ENTRIES = 2_000;
const LAST_ENTRIES = 200;

/** Writes the sequence chart of one running case. */
export class ChartRecorder {
  readonly #emit: Emit | undefined;
  #ended = false;
  readonly #now: () => number;
  readonly #n: number;
  /** The step (index) that runs; what happens meanwhile is charted under it. */
  step: number | undefined;
  /** Whether packets are left out for now, where there would be hundreds that nobody reads; notes are not. */
  quiet = false;
  #entries = 0;
  #held: ChartEntry[] = [];
  #passedOver = 0;

  /**
   * `now` gives milliseconds since the run began; `n` is the number of the case's execution. Without `emit` nothing is
   * charted, and nothing is spent on it.
   */
  constructor(emit: Emit | undefined, now: () => number, n: number) {
    this.#emit = emit;
    this.#now = now;
    this.#n = n;
  }

  /** Ends the chart: what still happens on the case's lanes is not charted. */
  end(): void {
    this.flush();
    this.#ended = true;
    this.step = undefined;
  }

  /** Goes on with the chart, for what belongs to the target and is typed behind its last case. */
  resume(): void {
    this.#ended = false;
  }

  /** A packet that a lane sent: `bytes` are what went on the wire, and what it is called follows from them. */
  sent(lane: string, type: PacketType, bytes: Uint8Array, version: ProtocolVersion): void {
    if (!this.#emit || this.#ended || this.quiet) return;
    const frame = decodeOne(bytes, version);
    const text = frame.kind === "packet" ? describe(frame.packet) : type;
    this.bytes(lane, "sent", frame.violations.length > 0 ? `${text} (wrong on purpose)` : text, bytes);
  }

  /** A packet that a lane received; `foreign` when it was passed over. */
  received(lane: string, frame: Frame, foreign = false): void {
    if (!this.#emit || this.#ended || this.quiet) return;
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
    if (!this.#emit || this.#ended || this.quiet) return;
    this.#chart({
      lane,
      direction,
      text,
      hex: bytes.subarray(0, KEPT_BYTES).toHex(),
      size: bytes.length,
      violations: marks.violations?.length ? marks.violations : undefined,
      foreign: marks.foreign || undefined,
    });
  }

  /** Something that happened on a lane and is no packet. */
  note(lane: string, text: string): void {
    this.#chart({ lane, direction: "note", text });
  }

  /** Charts what was held back of a long conversation: its end. */
  flush(): void {
    if (this.#passedOver > 0) {
      const [first] = this.#held;
      this.#emit?.({
        kind: "chart",
        t: first?.t ?? this.#now(),
        n: this.#n,
        lane: first?.lane ?? "",
        direction: "note",
        text: `${this.#passedOver} further entries are not charted`,
      });
    }
    for (const entry of this.#held) this.#emit?.(entry);
    this.#held = [];
    this.#passedOver = 0;
  }

  #chart(entry: Omit<ChartEntry, "kind" | "t" | "n" | "step">): void {
    if (!this.#emit || this.#ended) return;
    const step = this.step === undefined ? {} : { step: this.step };
    const whole: ChartEntry = { kind: "chart", t: this.#now(), n: this.#n, ...entry, ...step };
    if (++this.#entries <= FIRST_ENTRIES) return this.#emit(whole);
    this.#held.push(whole);
    // Dropped by halves, so that a long conversation does not move the array at every entry.
    if (this.#held.length < 2 * LAST_ENTRIES) return;
    this.#passedOver += LAST_ENTRIES;
    this.#held = this.#held.slice(LAST_ENTRIES);
  }
}
