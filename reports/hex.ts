/** Parses hex digits from a journal. Other characters are ignored, and a trailing half byte is dropped. */
export function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  const digits = hex.replace(/[^0-9a-fA-F]/g, "");
  return Uint8Array.fromHex(digits.slice(0, digits.length - digits.length % 2));
}

/** Hex as pairs separated by spaces, at most `limit` bytes; `size` is the real number of bytes, if known. */
export function spacedHex(hex: string, limit: number, size?: number): string {
  const bytes = bytesOf(hex);
  const pairs = Array.from(bytes.subarray(0, limit), (byte) => byte.toString(16).padStart(2, "0"));
  const all = Math.max(size ?? 0, bytes.length);
  const more = all > pairs.length ? ` … (${all} bytes in all)` : "";
  return pairs.join(" ") + more;
}
