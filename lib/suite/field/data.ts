/** Views of received data for comparison with expectations. */
import { describeData } from "../../spec/evaluate.ts";
import type { Data } from "../../spec/scope.ts";

/** Describes a difference between a received and an expected value. */
export function differs(actual: Data, expected: string): string {
  const shown = actual instanceof Uint8Array ? describeData(textIfPossible(actual)) : describeData(actual);
  return `is ${shown}, expected ${expected}`;
}

/** Converts data to bytes: bytes unchanged, text as UTF-8, anything else as written. */
export function bytesOfData(data: Data): Uint8Array {
  if (data instanceof Uint8Array) return data;
  return new TextEncoder().encode(typeof data === "object" ? JSON.stringify(data) : String(data));
}

/** Converts data to a number, including numeric text. */
export function numberOfData(data: Data): number | undefined {
  if (typeof data === "number") return data;
  return typeof data === "string" && /^-?\d+(\.\d+)?$/.test(data) ? Number(data) : undefined;
}

/** Whether data is a list. */
export function isListData(data: Data): data is readonly Data[] {
  return Array.isArray(data);
}

/** Returns a list unchanged, and anything else as a list of one item. */
export function listOf(data: Data): readonly Data[] {
  return isListData(data) ? data : [data];
}

function textIfPossible(bytes: Uint8Array): Data {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return bytes;
  }
}
