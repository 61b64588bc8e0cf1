/**
 * Text of the serial line. A module passes bytes through and knows no characters, so a line is held as a string in which
 * every character is one byte (0 to 255); only what is shown to people is decoded.
 */

/** Turns bytes into a binary string of the same length. */
export function toBinary(bytes: Uint8Array): string {
  let text = "";
  // In pieces, since a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

/** Turns a binary string into bytes; a character above 255 keeps its low byte. */
export function fromBinary(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Decodes a binary string as UTF-8; undefined for ill-formed text and U+0000 [MQTT-1.5.3-1, MQTT-1.5.3-2]. */
export function asUtf8(text: string): string | undefined {
  try {
    const decoded = strict.decode(fromBinary(text));
    return decoded.includes("\0") ? undefined : decoded;
  } catch {
    return undefined;
  }
}

const encoder = new TextEncoder();

/** Turns text into the binary string of its UTF-8 bytes. */
export function binaryOf(text: string): string {
  return toBinary(encoder.encode(text));
}
