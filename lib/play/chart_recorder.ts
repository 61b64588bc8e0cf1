import { decodeOne } from "../mqtt/decode.ts";
import { describe } from "../mqtt/describe.ts";
import type { Frame } from "../mqtt/frame.ts";
import type { PacketType, ProtocolVersion } from "../mqtt/packet.ts";
import type { ChartEntry, RunEvent } from "../run/event.ts";
import { describeFrame, describeViolation } from "./frame_text.ts";

/** Receives the events of a run in order. */
export type Emit = (event: RunEvent) => void;

/** How many bytes of a packet or line the journal keeps; the full size is always recorded. */
const KEPT_BYTES = 2048;

/**
 * How much of one case is charted immediately, in entries and characters; after that only the last part is
 * kept.
 */
const FIRST_ENTRIES = 2_000;
const FIRST_CHARACTERS = 512 * 1024;
const LAST_ENTRIES = 24;
const LAST_CHARACTERS = 32 * 1024;
/** How many received packets are charted immediately, in total and for each sent packet; more is a flood. */
const RECEIVED = 30;
const RECEIVED_FOR_SENT = 8;
/** The cost of an entry in addition to its texts, in characters. */
const ENTRY_CHARACTERS = 100;

/** Writes the sequence chart of one running case. */
export class ChartRecorder {
  readonly #emit: Emit | undefined;
  #ended = false;
  readonly #now: () => number;
  readonly #n: number;
  /** The index of the current step, under which entries are charted. */
  step: number | undefined;
  /** Whether packets are not charted for now, because hundreds of them would help nobody; notes still are. */
  quiet = false;
  #entries = 0;
  #sent = 0;
  #received = 0;
  #characters = 0;
  #held: ChartEntry[] = [];
  #heldCharacters = 0;
  /** The omitted entries, and the bytes of their packets. */
  #passedOver = 0;
  #passedBytes = 0;

  /**
   * `now` returns milliseconds since the start of the run; `n` is the number of the case's execution. Without
   * `emit` nothing is charted, at no cost.
   */
  constructor(emit: Emit | undefined, now: () => number, n: number) {
    this.#emit = emit;
    this.#now = now;
    this.#n = n;
  }

  /** Ends the chart: later events on the case's lanes are not charted. */
  end(): void {
    this.flush();
    this.#ended = true;
    this.step = undefined;
  }

  /** Resumes the chart for commands that belong to the target and follow its last case. */
  resume(): void {
    this.#ended = false;
  }

  /** Charts a packet that a lane sent. `bytes` are what was sent, and determine its description. */
  sent(lane: string, type: PacketType, bytes: Uint8Array, version: ProtocolVersion): void {
    if (!this.#emit || this.#ended || this.quiet) return;
    const frame = decodeOne(bytes, version);
    const text = frame.kind === "packet" ? describe(frame.packet) : type;
    this.bytes(lane, "sent", frame.violations.length > 0 ? `${text} (wrong on purpose)` : text, bytes);
  }

  /** Charts a packet that a lane received; `foreign` if it does not belong to the case. */
  received(lane: string, frame: Frame, foreign = false): void {
    if (!this.#emit || this.#ended || this.quiet) return;
    const violations = frame.violations.map(describeViolation);
    const size = frame.kind === "oversized" ? frame.size : frame.raw.length;
    this.bytes(lane, "received", describeFrame(frame), frame.raw, { violations, foreign, size });
  }

  /** Charts bytes that a lane sent or received, with a one-line description. */
  bytes(
    lane: string,
    direction: "sent" | "received",
    text: string,
    bytes: Uint8Array,
    marks: { readonly violations?: readonly string[]; readonly foreign?: boolean; readonly size?: number } =
      {},
  ): void {
    if (!this.#emit || this.#ended || this.quiet) return;
    this.#chart({
      lane,
      direction,
      text,
      hex: bytes.subarray(0, KEPT_BYTES).toHex(),
      size: marks.size ?? bytes.length,
      violations: marks.violations?.length ? marks.violations : undefined,
      foreign: marks.foreign || undefined,
    });
  }

  /** Charts an event on a lane that is not a packet. */
  note(lane: string, text: string): void {
    this.#chart({ lane, direction: "note", text });
  }

  /** Charts the end of a long conversation, which was held back. */
  flush(): void {
    if (this.#passedOver > 0) {
      const [first] = this.#held;
      this.#emit?.({
        kind: "chart",
        t: first?.t ?? this.#now(),
        n: this.#n,
        lane: first?.lane ?? "",
        direction: "note",
        text:
          `${this.#passedOver} further entries are not charted, with ${this.#passedBytes} bytes on the wire`,
      });
    }
    for (const entry of this.#held) this.#emit?.(entry);
    this.#held = [];
    this.#heldCharacters = 0;
    this.#passedOver = 0;
    this.#passedBytes = 0;
  }

  #chart(entry: Omit<ChartEntry, "kind" | "t" | "n" | "step">): void {
    if (!this.#emit || this.#ended) return;
    const step = this.step === undefined ? {} : { step: this.step };
    const whole: ChartEntry = { kind: "chart", t: this.#now(), n: this.#n, ...entry, ...step };
    const characters = charactersOf(whole);
    this.#characters += characters;
    if (entry.direction === "sent") this.#sent++;
    if (entry.direction === "received") this.#received++;
    const floods = this.#received > RECEIVED + RECEIVED_FOR_SENT * this.#sent;
    const fits = ++this.#entries <= FIRST_ENTRIES && this.#characters <= FIRST_CHARACTERS;
    if (fits && !floods && this.#held.length === 0) return this.#emit(whole);
    this.#held.push(whole);
    this.#heldCharacters += characters;
    // Dropped in halves, so a long conversation does not shift the array for every entry.
    if (this.#held.length < 2 * LAST_ENTRIES && this.#heldCharacters < 2 * LAST_CHARACTERS) return;
    const left = this.#held.splice(0, Math.ceil(this.#held.length / 2));
    this.#passedOver += left.length;
    for (const entry of left) {
      this.#heldCharacters -= charactersOf(entry);
      this.#passedBytes += entry.size ?? 0;
    }
  }
}

/** Estimates how many characters an entry takes in the journal. */
function charactersOf({ text, hex, violations }: ChartEntry): number {
  const broken = violations?.reduce((sum, one) => sum + one.length, 0) ?? 0;
  return ENTRY_CHARACTERS + text.length + (hex?.length ?? 0) + broken;
}
