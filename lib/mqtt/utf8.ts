/** The first fault of a piece of UTF-8. */
export interface Utf8Fault {
  readonly rule: "utf8-ill-formed" | "utf8-surrogate" | "utf8-nul";
  /** The offset of the faulty character. */
  readonly offset: number;
  /** One sentence. */
  readonly message: string;
}

const hex = (byte: number) => `0x${byte.toString(16).padStart(2, "0")}`;

/**
 * Returns the first fault in `bytes` from `from` up to `to`: ill-formed UTF-8 (RFC 3629, including over-long
 * forms), an encoded surrogate, or U+0000. Follows section 1.5.3 of 3.1.1 and 1.5.4 of 5.0.
 */
export function utf8Fault(bytes: Uint8Array, from: number, to: number): Utf8Fault | undefined {
  let at = from;
  while (at < to) {
    const lead = bytes[at] ?? 0;
    if (lead === 0) {
      return { rule: "utf8-nul", offset: at, message: "The text contains U+0000, which no text may contain" };
    }
    if (lead < 0x80) {
      at++;
      continue;
    }
    const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    const fault = sequenceFault(bytes, at, Math.min(to, at + size), lead, size);
    if (fault) return fault;
    at += size;
  }
  return undefined;
}

function sequenceFault(
  bytes: Uint8Array,
  at: number,
  to: number,
  lead: number,
  size: number,
): Utf8Fault | undefined {
  const illFormed = (message: string): Utf8Fault => ({ rule: "utf8-ill-formed", offset: at, message });
  if (lead < 0xc2 || lead > 0xf4) return illFormed(`Byte ${hex(lead)} cannot start a UTF-8 character`);
  for (let next = at + 1; next < to; next++) {
    const byte = bytes[next] ?? 0;
    if ((byte & 0xc0) !== 0x80) {
      return illFormed(`Byte ${hex(byte)} is not a UTF-8 continuation byte, 0x80 to 0xbf`);
    }
  }
  if (to - at < size) return illFormed(`The text ends inside a UTF-8 character of ${size} bytes`);
  const second = bytes[at + 1] ?? 0;
  if (lead === 0xed && second > 0x9f) {
    return {
      rule: "utf8-surrogate",
      offset: at,
      message: "The text contains an encoded surrogate, U+D800 to U+DFFF, which no text may contain",
    };
  }
  if ((lead === 0xe0 && second < 0xa0) || (lead === 0xf0 && second < 0x90)) {
    return illFormed("A character is written in an over-long form of UTF-8");
  }
  if (lead === 0xf4 && second > 0x8f) return illFormed("A character is above U+10FFFF");
  return undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Decodes any bytes as UTF-8: ill-formed sequences become U+FFFD, and a byte-order mark is kept. */
export function readUtf8(bytes: Uint8Array, from: number, to: number): string {
  return decoder.decode(bytes.subarray(from, to));
}

/**
 * Writes text as UTF-8 at `at` and returns the number of bytes; needs room for three bytes per UTF-16 unit.
 * An unpaired surrogate is written as its three bytes, which is ill-formed UTF-8, because a test may need
 * exactly that.
 */
export function writeUtf8(text: string, into: Uint8Array, at: number): number {
  if (text.isWellFormed()) return encoder.encodeInto(text, into.subarray(at)).written;
  let next = at;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xd800 && code <= 0xdfff) {
      into[next++] = 0xe0 | (code >> 12);
      into[next++] = 0x80 | ((code >> 6) & 0x3f);
      into[next++] = 0x80 | (code & 0x3f);
    } else {
      next += encoder.encodeInto(character, into.subarray(next)).written;
    }
  }
  return next - at;
}
