import type { Loose, Property } from "./packet.ts";
import { propertyNamed, type PropertyRule } from "./properties.ts";
import { quoteEscaped } from "../ground/text.ts";
import type { Writer } from "./writer.ts";

type Value = Loose<Property>["value"];
/** Properties as a sender drafts them. */
export type DraftProperties = readonly Loose<Property>[] | undefined;

/** The name for bytes in place of a whole property. */
const RAW = "raw";
/** The names that may replace a property: an identifier followed by bytes, or bytes alone. */
export const RAW_NAME = /^(0[xX][0-9a-fA-F]{1,7}|raw)$/;

/**
 * Writes a property length and the given properties, including wrong and duplicate ones. `length` overrides
 * the correct property length. A property named `0x7e` is written with that identifier and its bytes
 * unchanged; one named `raw` is bytes alone. Bytes given for a number are written unchanged. Throws a
 * TypeError for an unknown name and for a value that cannot be written.
 */
export function writeProperties(
  writer: Writer,
  properties: DraftProperties,
  length?: number | Uint8Array,
): void {
  if (length === undefined && (properties === undefined || properties.length === 0)) return writer.byte(0);
  const start = writer.size;
  writer.byte(0);
  for (const property of properties ?? []) writeProperty(writer, property);
  if (length === undefined) return writer.putLength(start);
  const list = writer.cutBack(start).subarray(1);
  if (length instanceof Uint8Array) writer.raw(length);
  else writer.variable(length);
  writer.raw(list);
}

function writeProperty(writer: Writer, { name, value }: Loose<Property>): void {
  if (typeof name === "string" && RAW_NAME.test(name)) {
    if (!(value instanceof Uint8Array)) throw wrongValue(name, "bytes");
    if (name !== RAW) writer.variable(Number(name));
    return writer.raw(value);
  }
  const rule = typeof name === "string" ? propertyNamed(name) : undefined;
  if (!rule) {
    const shown = typeof name === "string" ? quoteEscaped(name) : String(name);
    throw new TypeError(
      `unknown property ${shown}; use a name of MQTT 5.0 such as "reasonString", or "0x7e" with bytes`,
    );
  }
  writer.byte(rule.id);
  writeValue(writer, rule, value);
}

function writeValue(writer: Writer, rule: PropertyRule, value: Value): void {
  switch (rule.type) {
    case "text":
    case "binary":
      if (typeof value !== "string" && !(value instanceof Uint8Array)) {
        throw wrongValue(rule.name, "text or bytes");
      }
      return writer.field(value, rule.name);
    case "pair": {
      if (!isPair(value)) throw wrongValue(rule.name, "a pair of texts");
      writer.field(value[0], rule.name);
      return writer.field(value[1], rule.name);
    }
    default:
      if (value instanceof Uint8Array) return writer.raw(value);
      if (typeof value !== "number") throw wrongValue(rule.name, "a number, or bytes to write instead");
      return writeNumber(writer, rule.type, value);
  }
}

function writeNumber(
  writer: Writer,
  type: "byte" | "two-byte" | "four-byte" | "variable",
  value: number,
): void {
  switch (type) {
    case "byte":
      return writer.byte(value);
    case "two-byte":
      return writer.twoBytes(value);
    case "four-byte":
      return writer.fourBytes(value);
    case "variable":
      return writer.variable(value);
  }
}

function isPair(value: Value): value is readonly [string | Uint8Array, string | Uint8Array] {
  return Array.isArray(value) && value.length === 2 &&
    value.every((part) => typeof part === "string" || part instanceof Uint8Array);
}

function wrongValue(name: string, wanted: string): TypeError {
  return new TypeError(`wrong value for the property "${name}"; expected ${wanted}`);
}
