import type { Value } from "./value.ts";

/** The most bytes that one value may have: the capacity of one packet. */
export const MOST_BYTES = 268_435_455;

/** The keys of the forms in which bytes can be written: `{hex}`, `{repeat, times}`, `{join}`. */
export const BYTE_FORMS: readonly (readonly string[])[] = [["hex"], ["repeat", "times"], ["join"]];

/** Whether the value is a map in one of the byte forms. */
export function isByteForm(value: Value): boolean {
  if (value.kind !== "map") return false;
  return BYTE_FORMS.some((keys) =>
    value.entries.length === keys.length && value.entries.every(([key]) => keys.includes(key))
  );
}

/** The key of the form in which a number is the length of a text: `{lengthOf: $topic}`. */
export const LENGTH = "lengthOf";

/** Whether the value is a number of bytes, `{lengthOf: text}`. */
export function isLength(value: Value): boolean {
  return value.kind === "map" && value.entries.length === 1 && value.entries[0]?.[0] === LENGTH;
}

/** The key of the form in which 0 and 1 change places: `{invert: $clean}`. */
export const INVERT = "invert";

/** Reads hex digits in pairs, with spaces anywhere between pairs; undefined when it is anything else. */
export function parseHex(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(/[\s_]+/g, "");
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) return undefined;
  return Uint8Array.from(
    { length: digits.length / 2 },
    (_, at) => parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  );
}
