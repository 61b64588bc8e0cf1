import { PROPERTIES } from "../mqtt/properties.ts";
import type { Property, PropertyValue } from "../mqtt/packet.ts";
import { asNumber, asText, bytesOf, resolve, ValueError } from "../spec/evaluate.ts";
import type { Scope } from "../spec/scope.ts";
import type { Value } from "../spec/value.ts";

const TYPES: ReadonlyMap<string, string> = new Map(PROPERTIES.map((rule) => [rule.name, rule.type]));

/**
 * The properties of a packet to send: a map by name, where a list repeats one, or a list of maps for an exact order.
 * Throws ValueError.
 */
export function sentProperties(value: Value, scope: Scope): readonly Property[] {
  const found = resolve(value, scope);
  if (found.value.kind === "list") {
    return found.value.items.flatMap((item) => sentProperties(item, found.scope));
  }
  if (found.value.kind !== "map") throw new ValueError("properties are a map by name", value.place);
  return found.value.entries.flatMap(([name, item]) => repeated(name, item, found.scope));
}

function repeated(name: string, value: Value, scope: Scope): readonly Property[] {
  const { value: found, scope: inner } = resolve(value, scope);
  if (found.kind !== "list") return [{ name, value: single(name, found, inner) }];
  const pairIsAlone = TYPES.get(name) === "pair" && found.items.every((item) => item.kind !== "list");
  if (pairIsAlone) return [{ name, value: single(name, found, inner) }];
  return found.items.map((item) => ({ name, value: single(name, item, inner) }));
}

function single(name: string, value: Value, scope: Scope): PropertyValue {
  switch (TYPES.get(name)) {
    case "text":
      return asText(value, scope);
    case "binary":
      return bytesOf(value, scope);
    case "pair": {
      const found = resolve(value, scope);
      const [key, content] = found.value.kind === "list" ? found.value.items : [];
      if (!key || !content) throw new ValueError(`${name} is a list of a name and a value`, value.place);
      return [asText(key, found.scope), asText(content, found.scope)];
    }
    default:
      return asNumber(value, scope);
  }
}
