import { deflateRawSync } from "node:zlib";

/**
 * A value as JSON, deflated (RFC 1951, raw) and in base64, for a page's script to unpack with `DecompressionStream`. Nothing in
 * it can end the element that contains it.
 */
export function packed(value: unknown): string {
  return deflateRawSync(JSON.stringify(value)).toString("base64");
}
