import { concat } from "../ground/bytes.ts";
import { INVERT, isByteForm, isLength, LENGTH, MOST_BYTES, parseHex } from "./bytes.ts";
import { parseDuration } from "./duration.ts";
import type { Place } from "./place.ts";
import type { Data, Scope } from "./scope.ts";
import { keyOf, type Value } from "./value.ts";

/** Thrown when an evaluated value has the wrong type. */
export class ValueError extends Error {
  override readonly name = "ValueError";

  constructor(message: string, readonly place: Place, readonly hint?: string) {
    super(message);
  }
}

/**
 * Resolves a lone variable to the value it names in the file, with that value's scope. Source text and place
 * are kept.
 */
export function resolve(value: Value, scope: Scope): { readonly value: Value; readonly scope: Scope } {
  let found = { value, scope };
  // A bound value sees only outer scopes, so this loop ends.
  while (found.value.kind === "variable") {
    const [name = "", ...rest] = found.value.path;
    const binding = found.scope.get(name);
    if (!binding || "data" in binding || rest.length > 0) break;
    found = { value: binding.value, scope: binding.scope };
  }
  return found;
}

/**
 * Returns the data of a value with its variables replaced. Throws {@link ValueError} for an unknown name or
 * field.
 */
export function evaluate(value: Value, scope: Scope): Data {
  switch (value.kind) {
    case "literal":
      return value.value;
    case "variable":
      return follow(value.path, scope, value.place);
    case "text":
      return textOf(value, scope);
    case "list":
      return value.items.map((item) => evaluate(item, scope));
    case "map":
      if (isByteForm(value)) return bytesOf(value, scope);
      if (isLength(value)) return bytesOf(keyOf(value, LENGTH) ?? value, scope).length;
      if (value.entries.length === 1 && keyOf(value, INVERT)) {
        return asNumber(keyOf(value, INVERT) ?? value, scope) === 0 ? 1 : 0;
      }
      return Object.fromEntries(value.entries.map(([key, item]) => [key, evaluate(item, scope)] as const));
  }
}

/** Returns the value as a string: a scalar as written. Throws {@link ValueError} for lists and maps. */
export function asText(value: Value, scope: Scope): string {
  const found = resolve(value, scope);
  switch (found.value.kind) {
    case "literal":
      return found.value.source;
    case "text":
      return textOf(found.value, found.scope);
    default:
      return dataText(evaluate(found.value, found.scope), found.value.place);
  }
}

/** Returns the value as a number; numeric text is accepted. Throws {@link ValueError} for anything else. */
export function asNumber(value: Value, scope: Scope): number {
  const data = evaluate(value, scope);
  if (typeof data === "number" && Number.isFinite(data)) return data;
  if (typeof data === "string" && /^(?:[-+]?\d{1,15}(?:\.\d+)?|0x[0-9a-fA-F]{1,12})$/.test(data)) {
    return Number(data);
  }
  const sum = typeof data === "string" ? SUM.exec(data) : undefined;
  if (sum) return Number(sum[1]) + Number(`${sum[2]}${sum[3]}`);
  throw new ValueError(`expected a number, found ${describeData(data)}`, value.place);
}

/** A number plus or minus another, which remains when a variable is replaced: `20 - 1`. */
const SUM = /^(\d{1,15}) ([+-]) (\d{1,9})$/;

/** Whether text is a variable plus or minus a number: `$answer.size - 1`. */
export function isSum(text: string): boolean {
  return /^\$[a-zA-Z][\w.]{0,100} [+-] \d{1,9}$/.test(text);
}

/** Returns the value as a boolean. Throws {@link ValueError} for anything else. */
export function asBoolean(value: Value, scope: Scope): boolean {
  const data = evaluate(value, scope);
  if (typeof data === "boolean") return data;
  if (data === "true" || data === "false") return data === "true";
  throw new ValueError(`expected true or false, found ${describeData(data)}`, value.place);
}

/** Returns the value as a duration in milliseconds. Throws {@link ValueError} for anything else. */
export function asDuration(value: Value, scope: Scope): number {
  const text = asText(value, scope);
  const ms = parseDuration(text);
  if (ms === undefined) {
    throw new ValueError(`expected a duration, found "${text}"`, value.place, "such as 500ms or 2s");
  }
  return ms;
}

/**
 * Returns the value as bytes: text as UTF-8, captured bytes unchanged, or a byte form. Throws `ValueError`
 * for anything else and for more than {@link MOST_BYTES}.
 */
export function bytesOf(value: Value, scope: Scope): Uint8Array {
  const found = resolve(value, scope);
  if (isByteForm(found.value)) return formBytes(found.value, found.scope);
  if (found.value.kind === "variable") {
    const data = evaluate(found.value, found.scope);
    if (data instanceof Uint8Array) return data;
  }
  return new TextEncoder().encode(asText(found.value, found.scope));
}

/** Describes data in a few words for a message. */
export function describeData(data: Data | undefined): string {
  if (data === undefined || data === null) return "nothing";
  if (data instanceof Uint8Array) return `${data.length} bytes`;
  if (typeof data === "string") return JSON.stringify(data.length > 60 ? `${data.slice(0, 60)}…` : data);
  if (typeof data === "object") return Array.isArray(data) ? "a list" : "a map";
  return String(data);
}

function textOf(value: Extract<Value, { kind: "text" }>, scope: Scope): string {
  let text = "";
  for (const part of value.parts) {
    text += typeof part === "string"
      ? part
      : asText({ kind: "variable", path: part, place: value.place }, scope);
    bound(text.length, value.place);
  }
  return text;
}

function dataText(data: Data, place: Place): string {
  if (data instanceof Uint8Array) return new TextDecoder().decode(data);
  if (data === null) return "";
  if (typeof data !== "object") return String(data);
  throw new ValueError(`expected text, found ${describeData(data)}`, place);
}

function follow(path: readonly string[], scope: Scope, place: Place): Data {
  const [name = "", ...rest] = path;
  const binding = scope.get(name);
  if (!binding) throw new ValueError(`unknown variable "$${name}"`, place);
  let data = "data" in binding ? binding.data : evaluate(binding.value, binding.scope);
  for (const [index, key] of rest.entries()) {
    const next = fieldOf(data, key);
    if (next === undefined) {
      const sofar = [name, ...rest.slice(0, index)].join(".");
      throw new ValueError(`"$${sofar}" has no "${key}"`, place);
    }
    data = next;
  }
  return data;
}

function fieldOf(data: Data, key: string): Data | undefined {
  if (typeof data !== "object" || data === null || data instanceof Uint8Array) return undefined;
  if (isList(data)) return /^\d{1,9}$/.test(key) ? data[Number(key)] : undefined;
  return Object.hasOwn(data, key) ? data[key] : undefined;
}

function isList(data: object): data is readonly Data[] {
  return Array.isArray(data);
}

function formBytes(value: Value, scope: Scope): Uint8Array {
  const hex = keyOf(value, "hex");
  if (hex) {
    const bytes = parseHex(asText(hex, scope));
    if (!bytes) throw new ValueError("expected pairs of hex digits", hex.place, 'such as "c0 00"');
    return bytes;
  }
  const repeat = keyOf(value, "repeat");
  const times = keyOf(value, "times");
  if (repeat && times) {
    const piece = bytesOf(repeat, scope);
    const count = asNumber(times, scope);
    if (!Number.isInteger(count) || count < 0) {
      throw new ValueError(`expected a count, found ${count} times`, times.place);
    }
    bound(piece.length * count, value.place);
    const bytes = new Uint8Array(piece.length * count);
    // `fill` is faster than a loop for payloads of hundreds of megabytes.
    if (piece.length === 1) return bytes.fill(piece[0] ?? 0);
    for (let at = 0; at < count && piece.length > 0; at++) bytes.set(piece, at * piece.length);
    return bytes;
  }
  const join = keyOf(value, "join");
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (const item of join?.kind === "list" ? join.items : []) {
    const piece = bytesOf(item, scope);
    size += piece.length;
    bound(size, value.place);
    pieces.push(piece);
  }
  return concat(pieces);
}

function bound(size: number, place: Place): void {
  if (size <= MOST_BYTES) return;
  throw new ValueError(`${size} bytes exceed the limit of ${MOST_BYTES}`, place);
}
