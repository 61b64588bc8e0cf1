import { ellipsis, quoteEscaped } from "../../ground/text.ts";

/** The most characters of the far end's text that a sentence shows, and the most bytes in hex. */
const MOST_TEXT = 60;
const MOST_BYTES = 12;
/** The share of readable characters above which bytes count as text. */
const MOSTLY = 0.8;

/** Whether bytes are the start of an HTTP response. */
export function isHttp(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, 5)) === "HTTP/";
}

/** Whether bytes are the start of a TLS 1.0 to 1.3 record: an alert or a handshake message. */
export function isTls(bytes: Uint8Array): boolean {
  return (bytes[0] === 0x15 || bytes[0] === 0x16) && bytes[1] === 3 && (bytes[2] ?? 0) <= 4;
}

/**
 * Shows bytes of a far end in a sentence: the first line as text if most of it is readable, otherwise the
 * first bytes in hex.
 */
export function shownBytes(bytes: Uint8Array): string {
  const line = latin1(bytes).split(/\r?\n/, 1)[0] ?? "";
  const readable = line.replace(/[^\x20-\x7e]/g, "").length;
  if (line.length >= 2 && readable >= MOSTLY * line.length) return shownText(line);
  const hex = Array.from(bytes.subarray(0, MOST_BYTES), (byte) => byte.toString(16).padStart(2, "0"));
  return `${hex.join(" ")}${bytes.length > MOST_BYTES ? " …" : ""}`;
}

/** Shows text of a far end in a sentence: quoted, escaped and cut. */
export function shownText(text: string): string {
  return quoteEscaped(ellipsis(text, MOST_TEXT), MOST_TEXT + 1);
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
