/** Data that came, looked at in the ways in which expectations compare it. */
import { describeData } from "../../spec/evaluate.ts";
import type { Data } from "../../spec/scope.ts";

/** What came, and what was expected in its place. */
export function differs(actual: Data, expected: string): string {
  const shown = actual instanceof Uint8Array ? describeData(textIfPossible(actual)) : describeData(actual);
  return `is ${shown}, expected ${expected}`;
}

/** The bytes that data is: bytes themselves, text as UTF-8, anything else as it is written. */
export function bytesOfData(data: Data): Uint8Array {
  if (data instanceof Uint8Array) return data;
  return new TextEncoder().encode(typeof data === "object" ? JSON.stringify(data) : String(data));
}

/** The number that data is, or that its text reads as. */
export function numberOfData(data: Data): number | undefined {
  if (typeof data === "number") return data;
  return typeof data === "string" && /^-?\d+(\.\d+)?$/.test(data) ? Number(data) : undefined;
}

/** Whether data is a list. */
export function isListData(data: Data): data is readonly Data[] {
  return Array.isArray(data);
}

/** A list as it is, and anything else as a list of one. */
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
