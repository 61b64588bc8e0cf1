import type { ScalarNode } from "./node.ts";

/**
 * What a scalar without quotes means by YAML's core schema; undefined for octal numbers, infinity and what is no number,
 * which no file of attest needs.
 */
export function coreValue(source: string): ScalarNode["value"] | undefined {
  // Most are words.
  if (!/^[-+.~0-9nNtTfF]/.test(source)) return source;
  if (/^(?:~|null|Null|NULL)$/.test(source)) return null;
  if (/^(?:true|True|TRUE)$/.test(source)) return true;
  if (/^(?:false|False|FALSE)$/.test(source)) return false;
  if (/^0x[0-9a-fA-F]+$/.test(source)) return Number(source);
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(source)) return Number(source);
  return /^(?:0o[0-7]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(source) ? undefined : source;
}

/** The text that stands between double quotes: lines are joined by a space, escapes are resolved. */
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
