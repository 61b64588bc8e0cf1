import type { Packet, Property } from "../mqtt/packet.ts";
import type { Data } from "../spec/scope.ts";

/** Converts a packet to data by the packet's field names, for `as:` and for comparison with expectations. */
export function packetData(packet: Packet): { readonly [field: string]: Data } {
  const entries: (readonly [string, Data])[] = [];
  for (const [name, value] of Object.entries(packet)) {
    if (value !== undefined) entries.push([name, fieldData(name, value)]);
  }
  return Object.fromEntries(entries);
}

function fieldData(name: string, value: unknown): Data {
  if (name === "properties") return propertiesData(isPropertyList(value) ? value : []);
  if (
    value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean"
  ) return value;
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((item) => fieldData("", item));
  if (typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, fieldData(key, item)] as const),
    );
  }
  return null;
}

/** Returns properties by name; a repeated one is a list, and a user property always is. */
function propertiesData(properties: readonly Property[]): Data {
  const data: Record<string, Data> = {};
  for (const { name, value } of properties) {
    const before = data[name];
    const item: Data = isPair(value) ? [...value] : value;
    if (name === "userProperty") data[name] = [...(Array.isArray(before) ? before : []), item];
    else if (before === undefined) data[name] = item;
    else data[name] = [...(Array.isArray(before) ? before : [before]), item];
  }
  return data;
}

function isPair(value: Property["value"]): value is readonly [string, string] {
  return Array.isArray(value);
}

function isPropertyList(value: unknown): value is readonly Property[] {
  return Array.isArray(value);
}
