/** A part of a document that can be cut between its pieces. */
export interface Section {
  /** What stands above the pieces; empty for nothing. */
  readonly head: string;
  /** Texts that stay whole or are left out. */
  readonly pieces: readonly string[];
  /** What a piece is, in the plural: `findings`. */
  readonly of: string;
}

/** The share of the room that one section may take where not all of them fit. */
const SHARE = 0.6;
/** Room for the sentence that says what was left out, in bytes. */
const REMARK = 200;

/**
 * The sections one after another in at most `limit` bytes of UTF-8. Where they do not fit, pieces are left out from the end of a
 * section, no section takes more than its share of what is left, and a sentence says how many and where they are.
 */
export function bounded(sections: readonly Section[], limit: number): string {
  const whole = sections.map(({ head, pieces }) => [head, ...pieces].join("\n")).join("\n");
  if (sizeOf(whole) <= limit) return whole;
  let room = limit;
  return sections.map(({ head, pieces, of }, at) => {
    const last = at === sections.length - 1;
    const most = last ? room : Math.floor(room * SHARE);
    const kept = [head];
    let used = sizeOf(head) + REMARK;
    for (const piece of pieces) {
      used += sizeOf(piece) + 1;
      if (used > most) break;
      kept.push(piece);
    }
    const left = pieces.length + 1 - kept.length;
    if (left > 0) kept.push(`${left} more ${of} are left out here; report.html and result.json hold them\n`);
    const text = kept.join("\n");
    room -= sizeOf(text) + 1;
    return text;
  }).join("\n");
}

function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
