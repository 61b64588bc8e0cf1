import type { Arrival } from "../link/mqtt_link.ts";
import type { Data, Scope } from "../spec/scope.ts";
import type { Value } from "../spec/value.ts";
import { mismatch } from "../suite/field/compare.ts";
import { isListData } from "../suite/field/data.ts";
import { placeKey } from "../suite/file/choices.ts";
import type { Outcome } from "../suite/step/outcome.ts";
import { packetData } from "./capture.ts";

/**
 * Returns where the suite allows an arrival that was expected: the place of the outcome that it matches, and of the
 * value that each of its fields matches where several are allowed.
 */
export function membersTaken(
  outcomes: readonly Outcome[],
  arrival: Arrival,
  scope: Scope,
): readonly string[] {
  if (arrival.kind === "closed") {
    return outcomes.filter(({ kind }) => kind === "closed").slice(0, 1).map(({ place }) => placeKey(place));
  }
  if (arrival.kind !== "packet") return [];
  const data = packetData(arrival.packet);
  for (const outcome of outcomes) {
    if (outcome.kind !== "packet" || outcome.type !== arrival.packet.type) continue;
    const fields = outcome.fields.map(([name, value]) => [value, data[name]] as const);
    if (fields.some(([value, actual]) => mismatch(value, actual, scope) !== undefined)) continue;
    return [
      placeKey(outcome.place),
      ...fields.flatMap(([value, actual]) => valuesTaken(value, actual, scope)),
    ];
  }
  return [];
}

function valuesTaken(value: Value, actual: Data | undefined, scope: Scope): readonly string[] {
  if (value.kind === "list") {
    if (actual !== undefined && isListData(actual)) {
      return value.items.flatMap((item, at) => valuesTaken(item, actual[at], scope));
    }
    const item = value.items.find((one) => mismatch(one, actual, scope) === undefined);
    return item ? [placeKey(item.place)] : [];
  }
  if (value.kind !== "map") return [];
  return value.entries.flatMap(([key, inner]) => {
    if (key === "oneOf") return valuesTaken(inner, actual, scope);
    const isGroup = typeof actual === "object" && actual !== null && !(actual instanceof Uint8Array) &&
      !isListData(actual);
    return isGroup ? valuesTaken(inner, actual[key], scope) : [];
  });
}
