import { either, isObject, object, required, type Shape, text } from "./shape.ts";

/** The most bytes of a text or payload in a message. */
const MOST_BYTES = 1024 * 1024;

/** Bytes in a message: text stands for its UTF-8, `{ hex }` for any bytes. */
export type Octets = string | { readonly hex: string };

const HEX: Shape = {
  problem: (value, at) => {
    const problem = text(2 * MOST_BYTES).problem(value, at);
    if (problem !== undefined) return problem;
    return /^(?:[0-9a-fA-F]{2})*$/.test(String(value))
      ? undefined
      : `${at} is not hexadecimal, two digits a byte`;
  },
  schema: { type: "string", pattern: "^([0-9a-fA-F]{2})*$", maxLength: 2 * MOST_BYTES },
};

/** The shape of {@link Octets}. */
export const OCTETS: Shape = either(
  text(MOST_BYTES),
  object({ hex: required(HEX, "the bytes, two hexadecimal digits each") }),
);

/** Bytes as a message says them: as text where they are UTF-8, else as `{ hex }`. */
export function octetsOf(value: string | Uint8Array): Octets {
  if (typeof value === "string") return value;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return { hex: value.toHex() };
  }
}

/** The bytes that a message says; none for what is no {@link Octets}. */
export function bytesOf(octets: unknown): Uint8Array {
  if (typeof octets === "string") return new TextEncoder().encode(octets);
  return isObject(octets) && typeof octets.hex === "string"
    ? Uint8Array.fromHex(octets.hex)
    : new Uint8Array();
}
