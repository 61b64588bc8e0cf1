/**
 * The buckets of HDR histograms of microseconds with three significant digits, from 1 µs to 35 minutes. They stand apart from
 * {@link Histogram}, so that a worker, which only counts by slot, does not load the library for the encoded form.
 */

/** The largest value that is kept apart, in microseconds; larger ones count as this. */
export const LARGEST = 0x7fff_ffff;
/** 2,048 sub-buckets keep three digits apart. */
const SUB_BITS = 11;
const SUB_COUNT = 1 << SUB_BITS;
const HALF = SUB_COUNT >> 1;
/** How many counts a histogram has. */
export const SLOTS = (31 - SUB_BITS + 2) * HALF;

/** The slot of a value in microseconds; below 0 counts as 0. */
export function slotOf(us: number): number {
  const value = us < 0 ? 0 : us > LARGEST ? LARGEST : us | 0;
  const bucket = 32 - SUB_BITS - Math.clz32(value | (SUB_COUNT - 1));
  return (bucket << (SUB_BITS - 1)) + (value >> bucket);
}

/** The largest value that falls into a slot, in microseconds. */
export function highestOf(slot: number): number {
  const bucket = Math.max(0, (slot >> (SUB_BITS - 1)) - 1);
  const sub = slot - (bucket << (SUB_BITS - 1));
  return (sub + 1) * 2 ** bucket - 1;
}
