import type { Property } from "../packet.ts";

/** The first number that a property of this name has; undefined where there is none. */
export function numberOf(properties: readonly Property[], name: string): number | undefined {
  const value = properties.find((property) => property.name === name)?.value;
  return typeof value === "number" ? value : undefined;
}

/** The first text that a property of this name has; undefined where there is none. */
export function textOf(properties: readonly Property[], name: string): string | undefined {
  const value = properties.find((property) => property.name === name)?.value;
  return typeof value === "string" ? value : undefined;
}

/** Every number that the properties of this name have. */
export function numbersOf(properties: readonly Property[], name: string): readonly number[] {
  return properties.flatMap((property) =>
    property.name === name && typeof property.value === "number" ? [property.value] : []
  );
}
