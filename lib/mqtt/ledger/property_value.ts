import type { Property } from "../packet.ts";

/** Returns the number in the first property with this name, or undefined. */
export function numberOf(properties: readonly Property[], name: string): number | undefined {
  const value = properties.find((property) => property.name === name)?.value;
  return typeof value === "number" ? value : undefined;
}

/** Returns the text in the first property with this name, or undefined. */
export function textOf(properties: readonly Property[], name: string): string | undefined {
  const value = properties.find((property) => property.name === name)?.value;
  return typeof value === "string" ? value : undefined;
}

/** Returns the numbers in all properties with this name. */
export function numbersOf(properties: readonly Property[], name: string): readonly number[] {
  return properties.flatMap((property) =>
    property.name === name && typeof property.value === "number" ? [property.value] : []
  );
}
