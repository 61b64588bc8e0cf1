/**
 * Text of the serial line. A module passes bytes through without decoding characters, so a line is a string
 * with one byte per character (0 to 255); only text for people is decoded.
 */

/** Converts bytes to a binary string of the same length. */
export function toBinary(bytes: Uint8Array): string {
  let text = "";
  // In pieces, because the number of arguments of a call is limited.
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

/** Converts a binary string to bytes; a character above 255 keeps its low byte. */
export function fromBinary(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes a binary string as UTF-8. Returns undefined for ill-formed text and U+0000 [MQTT-1.5.3-1,
 * MQTT-1.5.3-2].
 */
export function asUtf8(text: string): string | undefined {
  try {
    const decoded = strict.decode(fromBinary(text));
    return decoded.includes("\0") ? undefined : decoded;
  } catch {
    return undefined;
  }
}

const encoder = new TextEncoder();

/** Converts text to the binary string of its UTF-8 bytes. */
export function binaryOf(text: string): string {
  return toBinary(encoder.encode(text));
}
