/**
 * How text from outside is shown to people. It may hold anything: what steers a terminal, turns the direction of the
 * text around it, or cannot be seen at all. Reports show such characters by name (`<ESC>`), messages about a file and
 * descriptions of a packet as escapes (`\u{1b}`, and in double quotes `\u001b`).
 */

// Their usual names, in the order of their codes; 0x7F is the 33rd.
const CONTROL_NAMES =
  ("NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB " +
    "CAN EM SUB ESC FS GS RS US DEL").split(" ");

// Controls, format characters (what turns the direction of text, what has no width), line and paragraph separators, and
// halves of surrogate pairs that stand alone.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

// The same, and what XML 1.0 forbids besides.
const UNSEEN_OR_FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

// The same, and what has a meaning of its own between double quotes.
const UNSEEN_OR_QUOTE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}"\\]/gu;

// What JSON leaves as it is of these.
const UNSEEN_IN_JSON = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** What most JSON consists of. */
const ASCII = /^[\n\x20-\x7e]*$/;

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/**
 * Text for a report: every character that cannot be seen, that would steer a terminal, or that XML 1.0 forbids, stands
 * as its name (`<SUB>`, `<ESC>`, `<U+202E>`). A tab becomes a space.
 */
export function visible(text: string): string {
  return text.replace(UNSEEN_OR_FORBIDDEN, (found) => found === "\t" ? " " : nameOf(found));
}

/** As {@link visible}, but line feeds stay. */
export function visibleLines(text: string): string {
  return text.split("\n").map(visible).join("\n");
}

/** Text for a message: every character that cannot be seen, or could deceive a reader, stands as an escape (`\n`, `\u{1b}`). */
export function escaped(text: string, keepTabs = false): string {
  return text.replace(UNSEEN, (found) => {
    if (found === "\t" && keepTabs) return found;
    return SHORT_ESCAPES[found] ?? `\\u{${codeOf(found).toString(16)}}`;
  });
}

/** Text in double quotes with escapes as in JSON (`"a\u001b"`), cut to `most` characters with "…" behind the quotes. */
export function quoteEscaped(text: string, most = 80): string {
  const cut = text.length > most;
  const shown = cut ? text.slice(0, most) : text;
  const inside = shown.replace(UNSEEN_OR_QUOTE, (found) => SHORT_ESCAPES[found] ?? jsonEscape(codeOf(found)));
  return `"${inside}"${cut ? "…" : ""}`;
}

/**
 * JSON in which every character that cannot be seen, or could steer a terminal, is written as an escape; its value is the same. JSON
 * escapes the controls below U+0020 by itself, and not those above U+007E.
 */
export function plainJson(json: string): string {
  if (ASCII.test(json)) return json;
  return json.replace(UNSEEN_IN_JSON, (found) => {
    const units = Array.from({ length: found.length }, (_, at) => found.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}

/** Text cut to `limit` UTF-16 units, without splitting a surrogate pair, and how many units are missing: `ab… (4 more)`. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit).replace(/\p{Cs}$/u, "");
  return `${kept}… (${text.length - kept.length} more)`;
}

/** Text cut to `limit` characters, with "…" behind it where some are missing. */
export function ellipsis(text: string, limit: number): string {
  const characters = [...text];
  return characters.length > limit ? `${characters.slice(0, limit).join("")}…` : text;
}

function nameOf(character: string): string {
  const code = codeOf(character);
  const name = code === 0x7f ? "DEL" : CONTROL_NAMES[code];
  return `<${name ?? "U+" + code.toString(16).toUpperCase().padStart(4, "0")}>`;
}

function jsonEscape(code: number): string {
  const digits = code.toString(16);
  return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, "0")}`;
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
