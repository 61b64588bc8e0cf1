import { deflateRawSync } from "node:zlib";

/**
 * A value as JSON, deflated (RFC 1951, raw) and in base64: what a page's script unpacks by `DecompressionStream`. Nothing in
 * it can end the element that it stands in.
 */
export function packed(value: unknown): string {
  return deflateRawSync(JSON.stringify(value)).toString("base64");
}
