/** A part of a document that consists of pieces, some of which can be left out. */
export interface Section {
  /** The text above the pieces; empty for none. */
  readonly head: string;
  /** Texts that are kept whole or left out. */
  readonly pieces: readonly string[];
  /** What the pieces are, in the plural: `findings`. */
  readonly of: string;
}

/** The share of the space that one section may use if not all sections fit. */
const SHARE = 0.6;
/** Space for the sentence that says what was left out, in bytes. */
const REMARK = 200;

/**
 * Joins the sections in at most `limit` bytes of UTF-8. If they do not fit, pieces are left out from the end of a section, no
 * section takes more than its share of the remaining space, and a sentence says how many are missing and where to find them.
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
    if (left > 0) kept.push(`${left} more ${of} are left out here; see report.html and result.json\n`);
    const text = kept.join("\n");
    room -= sizeOf(text) + 1;
    return text;
  }).join("\n");
}

function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
