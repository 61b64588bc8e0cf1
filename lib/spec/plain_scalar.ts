import type { ScalarNode } from "./node.ts";

/**
 * Returns the core-schema value of an unquoted scalar. Returns undefined for octal numbers, infinity and NaN,
 * which attest files do not use.
 */
export function coreValue(source: string): ScalarNode["value"] | undefined {
  // Most scalars are words.
  if (!/^[-+.~0-9nNtTfF]/.test(source)) return source;
  if (/^(?:~|null|Null|NULL)$/.test(source)) return null;
  if (/^(?:true|True|TRUE)$/.test(source)) return true;
  if (/^(?:false|False|FALSE)$/.test(source)) return false;
  if (/^0x[0-9a-fA-F]+$/.test(source)) return Number(source);
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(source)) return Number(source);
  return /^(?:0o[0-7]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(source) ? undefined : source;
}

/** Decodes the text between double quotes: joins lines with a space and resolves escapes. */
export function unescaped(written: string): string {
  const joined = written.includes("\n") ? written.replaceAll(/ *\n +/g, " ") : written;
  if (!joined.includes("\\")) return joined;
  return joined.replaceAll(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/g,
    (_, two?: string, four?: string, eight?: string, sign = "") => {
      const code = two ?? four ?? eight;
      return code === undefined ? ESCAPES[sign] ?? sign : String.fromCodePoint(parseInt(code, 16));
    },
  );
}

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
