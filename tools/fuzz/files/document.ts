import { parse, stringify } from "yaml";
import { Raw } from "./hostile.ts";

/**
 * Returns the data of a YAML file, or undefined for one that is wrong on purpose, which is then changed as
 * text only.
 */
export function yamlData(text: string): unknown {
  try {
    return parse(text, { schema: "core", logLevel: "silent", maxAliasCount: 0 }) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Returns the lines of a journal, each as data. */
export function journalData(text: string): readonly unknown[] {
  return text.split("\n").filter((line) => line !== "").map((line): unknown => JSON.parse(line));
}

/** Writes a document as YAML, with its pieces of raw text unchanged. */
export function yamlText(data: unknown): string {
  const { put, filled } = placeholders(data);
  return filled(stringify(put, { lineWidth: 0, aliasDuplicateObjects: false }));
}

/** Writes a value as JSON, with its pieces of raw text unchanged. */
export function jsonText(data: unknown, indent?: number): string {
  const { put, filled } = placeholders(data);
  return filled(JSON.stringify(put, null, indent) ?? "null");
}

/** Replaces each raw text in the data with a word; also returns the function that puts the texts back. */
function placeholders(data: unknown) {
  const raws: string[] = [];
  const replaced = (value: unknown): unknown => {
    if (value instanceof Raw) return `RAW${raws.push(value.text) - 1}WAR`;
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== "object" || value === null) return value;
    const copy = {};
    for (const [key, item] of Object.entries(value)) {
      Object.defineProperty(copy, key, { value: replaced(item), enumerable: true });
    }
    return copy;
  };
  return {
    put: replaced(data),
    filled: (text: string) => text.replace(/"?RAW(\d+)WAR"?/g, (whole, n) => raws[Number(n)] ?? whole),
  };
}
