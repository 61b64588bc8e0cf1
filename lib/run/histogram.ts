import * as hdr from "hdr-histogram-js";
import { highestOf, LARGEST, slotOf, SLOTS } from "./histogram_slots.ts";

/**
 * HDR histograms in the bucket layout of HdrHistogram: the counts of two add up to the counts of both, and the encoded form is
 * read by every HDR tool.
 */
const DIGITS = 3;

/** The largest value with its own slot in microseconds; larger ones count as this value. */
export const LARGEST_US = LARGEST;

/** Counts by slot, with what is needed to read percentiles off them. */
export class Histogram {
  /** Counts up to 2^53 by slot. */
  readonly counts = new Float64Array(SLOTS);
  #total = 0;

  /** The number of values. */
  get total(): number {
    return this.#total;
  }

  /** Counts a value in microseconds. */
  record(us: number, times = 1): void {
    this.addAt(slotOf(us), times);
  }

  /** Counts a value by its slot. */
  addAt(slot: number, times: number): void {
    this.counts[slot] = (this.counts[slot] ?? 0) + times;
    this.#total += times;
  }

  /** Adds another histogram. */
  add(other: Histogram): void {
    if (other.total === 0) return;
    for (let slot = 0; slot < SLOTS; slot++) {
      const times = other.counts[slot] ?? 0;
      if (times > 0) this.addAt(slot, times);
    }
  }

  /** Returns the value in microseconds that `percent` of all values do not exceed; 0 if there are none. */
  percentile(percent: number): number {
    const wanted = Math.max(1, Math.ceil(Math.min(percent, 100) / 100 * this.#total - 1e-9));
    let seen = 0;
    for (let slot = 0; slot < SLOTS; slot++) {
      seen += this.counts[slot] ?? 0;
      if (seen >= wanted && seen > 0) return highestOf(slot);
    }
    return 0;
  }

  /** The largest value in microseconds, with the precision of its slot. */
  get max(): number {
    for (let slot = SLOTS - 1; slot >= 0; slot--) if ((this.counts[slot] ?? 0) > 0) return highestOf(slot);
    return 0;
  }

  /** The smallest value in microseconds, with the precision of its slot. */
  get min(): number {
    for (let slot = 0; slot < SLOTS; slot++) if ((this.counts[slot] ?? 0) > 0) return highestOf(slot);
    return 0;
  }

  /** Returns the HDR encoding: V2, compressed, base64. */
  encode(): string {
    const made = new hdr.Float64Histogram(1, LARGEST, DIGITS);
    for (let slot = 0; slot < SLOTS; slot++) {
      const times = this.counts[slot] ?? 0;
      if (times > 0) made.recordValueWithCount(highestOf(slot), times);
    }
    return hdr.encodeIntoCompressedBase64(made);
  }

  /** Decodes the output of {@link encode}. Throws RangeError for anything else. */
  static decode(text: string): Histogram {
    let read: hdr.Histogram;
    try {
      read = hdr.decodeFromCompressedBase64(text, 64);
    } catch (error) {
      throw new RangeError("The text is not an HDR histogram", { cause: error });
    }
    if (!(read instanceof hdr.JsHistogram) || read.numberOfSignificantValueDigits !== DIGITS) {
      throw new RangeError("The text is not an HDR histogram with three digits");
    }
    const histogram = new Histogram();
    const slots = Math.min(read.countsArrayLength, SLOTS);
    for (let slot = 0; slot < slots; slot++) {
      const times = read.getCountAtIndex(slot);
      if (times > 0) histogram.addAt(slot, times);
    }
    return histogram;
  }
}
