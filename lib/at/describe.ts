import { visible } from "../ground/text.ts";

// Common control bytes have the names used in AT manuals; the others have their number.
const NAMES: Readonly<Record<number, string>> = {
  0x00: "NUL",
  0x09: "TAB",
  0x0a: "LF",
  0x0d: "CR",
  0x1a: "SUB",
  0x1b: "ESC",
  0x7f: "DEL",
};

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
const ENCODER = new TextEncoder();

/**
 * Shows bytes as visible text: control bytes as `<CR>`, `<SUB>`, `<ESC>` or `<0x01>`, bytes that are not
 * UTF-8 as `<0xFF>`, and characters that change the text direction or are invisible as `<U+202E>`. Cuts the
 * text to `limit` characters and appends the number of omitted bytes.
 */
export function describeBytes(bytes: Uint8Array, limit = 160): string {
  let out = "";
  let at = 0;
  while (at < bytes.length) {
    const size = sequenceSize(bytes, at);
    const piece = size === 0 ? hexName(bytes[at] ?? 0) : shown(DECODER.decode(bytes.subarray(at, at + size)));
    if (out.length + piece.length > limit) {
      return `${out}… (and ${bytes.length - at} of ${bytes.length} bytes)`;
    }
    out += piece;
    at += Math.max(1, size);
  }
  return out;
}

/** Shows text as {@link describeBytes} shows its bytes. */
export function describeText(text: string, limit = 160): string {
  return describeBytes(ENCODER.encode(text), limit);
}

/** Shows a command line like {@link describeBytes}, without the CR that ends every line. */
export function describeCommand(bytes: Uint8Array, limit = 160): string {
  return describeBytes(bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes, limit);
}

function shown(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const name = NAMES[code];
  if (name !== undefined) return `<${name}>`;
  return code < 0x20 ? hexName(code) : visible(character);
}

function hexName(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
}

/** Returns the length of the well-formed UTF-8 sequence at `at` in bytes, or 0 if there is none. */
function sequenceSize(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (size === 0 || at + size > bytes.length) return 0;
  return DECODER.decode(bytes.subarray(at, at + size)).includes("\ufffd") && !isReplacement(bytes, at)
    ? 0
    : size;
}

function isReplacement(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd;
}
