/**
 * Makes external text safe to show. Such text may contain anything: terminal control sequences, characters
 * that change the text direction, invisible characters. Reports show these characters by name (`<ESC>`).
 * Messages about a file and packet descriptions show them as escapes (`\u{1b}`, or `\u001b` in double
 * quotes).
 */

// The usual names in code order; 0x7F is the 33rd.
const CONTROL_NAMES =
  ("NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB " +
    "CAN EM SUB ESC FS GS RS US DEL").split(" ");

// Control characters, format characters (text direction, zero width), line and paragraph separators, and
// unpaired surrogates.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

// The same, plus the characters that XML 1.0 forbids.
const UNSEEN_OR_FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

// The same, plus the characters with a special meaning inside double quotes.
const UNSEEN_OR_QUOTE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}"\\]/gu;

// The subset that JSON does not escape.
const UNSEEN_IN_JSON = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The characters of most JSON. */
const ASCII = /^[\n\x20-\x7e]*$/;

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/**
 * Prepares text for a report. Replaces each character that is invisible, controls a terminal or is forbidden
 * in XML 1.0 with its name (`<SUB>`, `<ESC>`, `<U+202E>`). Replaces a tab with a space.
 */
export function visible(text: string): string {
  return text.replace(UNSEEN_OR_FORBIDDEN, (found) => found === "\t" ? " " : nameOf(found));
}

/** Like {@link visible}, but keeps line feeds. */
export function visibleLines(text: string): string {
  return text.split("\n").map(visible).join("\n");
}

/**
 * Prepares text for a message. Replaces each invisible or deceptive character with an escape (`
 * `, `\u{1b}`).
 */
export function escaped(text: string, keepTabs = false): string {
  return text.replace(UNSEEN, (found) => {
    if (found === "\t" && keepTabs) return found;
    return SHORT_ESCAPES[found] ?? `\\u{${codeOf(found).toString(16)}}`;
  });
}

/**
 * Puts text in double quotes with JSON-like escapes (`"a\u001b"`). Cuts it to `most` characters and then
 * appends "…" after the quotes.
 */
export function quoteEscaped(text: string, most = 80): string {
  const cut = text.length > most;
  const shown = cut ? text.slice(0, most) : text;
  const inside = shown.replace(UNSEEN_OR_QUOTE, (found) => SHORT_ESCAPES[found] ?? jsonEscape(codeOf(found)));
  return `"${inside}"${cut ? "…" : ""}`;
}

/**
 * Escapes each character in JSON that is invisible or controls a terminal; the parsed value does not change.
 * JSON itself escapes the controls below U+0020 but not those above U+007E.
 */
export function plainJson(json: string): string {
  if (ASCII.test(json)) return json;
  return json.replace(UNSEEN_IN_JSON, (found) => {
    const units = Array.from({ length: found.length }, (_, at) => found.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}

/**
 * Cuts text to `limit` UTF-16 units without splitting a surrogate pair and appends the number of omitted
 * units: `ab… (4 more)`.
 */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit).replace(/\p{Cs}$/u, "");
  return `${kept}… (${text.length - kept.length} more)`;
}

/** Cuts text to `limit` characters and appends "…" if any are omitted. */
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
