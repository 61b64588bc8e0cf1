// Their usual names, in the order of their codes; 0x7F is the 33rd.
const CONTROL_NAMES =
  ("NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB " +
    "CAN EM SUB ESC FS GS RS US DEL").split(" ");

// Controls, format characters (what turns the direction of text, what has no width), halves of surrogate pairs that
// stand alone, line and paragraph separators, and what XML 1.0 forbids besides.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

/**
 * Text with every character that cannot be seen, that would steer a terminal, or that XML 1.0 forbids, written as its
 * name: `<SUB>`, `<ESC>`, `<U+202E>`. Tabs become a space.
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, (found) => found === "\t" ? " " : nameOf(found.codePointAt(0) ?? 0));
}

/** As {@link visible}, but line feeds stay. */
export function visibleLines(text: string): string {
  return text.split("\n").map(visible).join("\n");
}

function nameOf(code: number): string {
  const name = code === 0x7f ? "DEL" : CONTROL_NAMES[code];
  return `<${name ?? "U+" + code.toString(16).toUpperCase().padStart(4, "0")}>`;
}

/** Text cut to `limit` UTF-16 units, no pair of them split, with what was cut told at its end. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit).replace(/\p{Cs}$/u, "");
  return `${kept}… (${text.length - kept.length} more)`;
}
