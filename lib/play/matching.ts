import { containsBytes, sameBytes } from "../ground/bytes.ts";
import { asText, bytesOf, describeData, evaluate, resolve } from "../spec/evaluate.ts";
import { isByteForm } from "../spec/bytes.ts";
import type { Data, Scope } from "../spec/scope.ts";
import { type Value, wordOf } from "../spec/value.ts";

/**
 * Compares what came with what a step expects of it. Gives undefined when it fits, and else what came and what was
 * expected, in a few words. `actual` is undefined when the field is not there. Throws ValueError.
 *
 * Where one value came and a list is expected, any of the list fits; where a list came, it is compared item by item.
 */
export function mismatch(expected: Value, actual: Data | undefined, scope: Scope): string | undefined {
  const word = wordOf(expected);
  if (word === "any") return actual === undefined ? "is missing" : undefined;
  if (word === "absent") {
    return actual === undefined ? undefined : `is ${describeData(actual)}, expected none`;
  }
  const found = resolve(expected, scope);
  if (found.value !== expected) return mismatch(found.value, actual, found.scope);
  if (expected.kind === "map" && !isByteForm(expected)) return mapMismatch(expected, actual, scope);
  if (actual === undefined) return `is missing, expected ${describeExpected(expected, scope)}`;
  if (expected.kind === "list") return listMismatch(expected.items, actual, scope);
  if (expected.kind === "variable") {
    const data = evaluate(expected, scope);
    return sameData(data, actual) ? undefined : differs(actual, describeData(data));
  }
  return sameScalar(expected, actual, scope) ? undefined : differs(actual, describeExpected(expected, scope));
}

/** An expectation in a few words: `1`, `"a/b"`, `1 or 2`, `not 0`. */
export function describeExpected(expected: Value, scope: Scope): string {
  const word = wordOf(expected);
  if (word === "any") return "any";
  if (word === "absent") return "none";
  if (expected.kind === "list") {
    return expected.items.map((item) => describeExpected(item, scope)).join(" or ");
  }
  if (expected.kind === "map" && !isByteForm(expected)) {
    return expected.entries.map(([key, value]) => describeMatcher(key, value, scope)).join(", ");
  }
  const data = isByteForm(expected) ? bytesOf(expected, scope) : evaluate(expected, scope);
  return describeData(data);
}

function describeMatcher(key: string, value: Value, scope: Scope): string {
  const words = key === "between" && value.kind === "list"
    ? value.items.map((item) => describeExpected(item, scope)).join(" and ")
    : describeExpected(value, scope);
  return `${Object.hasOwn(MATCHER_WORDS, key) ? MATCHER_WORDS[key] : key} ${words}`;
}

const MATCHER_WORDS: Readonly<Record<string, string>> = {
  not: "not",
  between: "between",
  contains: "containing",
  prefix: "beginning with",
  size: "of the size",
  oneOf: "one of",
  optional: "optionally",
};

function mapMismatch(
  expected: Extract<Value, { kind: "map" }>,
  actual: Data | undefined,
  scope: Scope,
): string | undefined {
  const [first] = expected.entries;
  const matcher = expected.entries.length === 1 && first && Object.hasOwn(MATCHER_WORDS, first[0])
    ? first
    : undefined;
  if (matcher) return matcherMismatch(matcher[0], matcher[1], actual, scope);
  if (actual === undefined) return `is missing, expected ${describeExpected(expected, scope)}`;
  if (typeof actual !== "object" || actual === null || actual instanceof Uint8Array || isList(actual)) {
    return differs(actual, "a group of fields");
  }
  for (const [key, value] of expected.entries) {
    const problem = mismatch(value, Object.hasOwn(actual, key) ? actual[key] : undefined, scope);
    if (problem !== undefined) return `has ${key} that ${problem}`;
  }
  return undefined;
}

function matcherMismatch(
  matcher: string,
  value: Value,
  actual: Data | undefined,
  scope: Scope,
): string | undefined {
  if (matcher === "optional") return actual === undefined ? undefined : mismatch(value, actual, scope);
  if (matcher === "not") {
    return mismatch(value, actual, scope) === undefined
      ? `is ${describeData(actual)}, expected anything else`
      : undefined;
  }
  const wanted = () => describeMatcher(matcher, value, scope);
  if (actual === undefined) return `is missing, expected ${wanted()}`;
  switch (matcher) {
    case "oneOf":
      return value.kind === "list" && value.items.some((item) => mismatch(item, actual, scope) === undefined)
        ? undefined
        : differs(actual, wanted());
    case "between": {
      const [low, high] = value.kind === "list"
        ? value.items.map((item) => Number(evaluate(item, scope)))
        : [];
      const number = numberOf(actual);
      return number !== undefined && low !== undefined && high !== undefined && number >= low &&
          number <= high
        ? undefined
        : differs(actual, wanted());
    }
    case "size": {
      const size = bytesFrom(actual).length;
      const problem = mismatch(value, size, scope);
      return problem === undefined ? undefined : `has ${size} bytes, expected ${wanted()}`;
    }
    case "contains":
      return containsBytes(bytesFrom(actual), bytesOf(value, scope)) ? undefined : differs(actual, wanted());
    default: {
      const prefix = bytesOf(value, scope);
      return sameBytes(bytesFrom(actual).subarray(0, prefix.length), prefix)
        ? undefined
        : differs(actual, wanted());
    }
  }
}

function listMismatch(items: readonly Value[], actual: Data, scope: Scope): string | undefined {
  if (!isList(actual)) {
    if (items.some((item) => mismatch(item, actual, scope) === undefined)) return undefined;
    return differs(actual, items.map((item) => describeExpected(item, scope)).join(" or "));
  }
  for (const [index, item] of items.entries()) {
    const problem = mismatch(item, actual[index], scope);
    if (problem !== undefined) return `has item ${index + 1} that ${problem}`;
  }
  return actual.length > items.length ? `has ${actual.length} items, expected ${items.length}` : undefined;
}

function sameScalar(expected: Value, actual: Data, scope: Scope): boolean {
  if (isByteForm(expected) || actual instanceof Uint8Array) {
    return sameBytes(bytesFrom(actual), bytesOf(expected, scope));
  }
  // Where a string came, the scalar counts as it was written: 007 is not 7.
  if (typeof actual === "string") return asText(expected, scope) === actual;
  return evaluate(expected, scope) === actual;
}

/** Compares data with data: bytes with text by their UTF-8, a list with a single value as a choice. */
function sameData(expected: Data, actual: Data): boolean {
  if (expected instanceof Uint8Array || actual instanceof Uint8Array) {
    return sameBytes(bytesFrom(expected), bytesFrom(actual));
  }
  if (isList(expected)) {
    if (!isList(actual)) return expected.some((item) => sameData(item, actual));
    return expected.length === actual.length &&
      expected.every((item, index) => sameData(item, actual[index] ?? null));
  }
  if (typeof expected === "object" && typeof actual === "object" && expected && actual && !isList(actual)) {
    const names = Object.keys(expected);
    return names.length === Object.keys(actual).length &&
      names.every((name) =>
        Object.hasOwn(actual, name) && sameData(expected[name] ?? null, actual[name] ?? null)
      );
  }
  if (typeof actual === "string" && typeof expected === "number") return String(expected) === actual;
  return expected === actual;
}

/** The number that a field is, or that its text reads as. */
function numberOf(actual: Data): number | undefined {
  if (typeof actual === "number") return actual;
  return typeof actual === "string" && /^-?\d+(\.\d+)?$/.test(actual) ? Number(actual) : undefined;
}

function isList(data: Data): data is readonly Data[] {
  return Array.isArray(data);
}

function bytesFrom(data: Data): Uint8Array {
  return data instanceof Uint8Array
    ? data
    : new TextEncoder().encode(typeof data === "object" ? JSON.stringify(data) : String(data));
}

function differs(actual: Data, expected: string): string {
  const shown = actual instanceof Uint8Array ? describeData(textIfPossible(actual)) : describeData(actual);
  return `is ${shown}, expected ${expected}`;
}

function textIfPossible(bytes: Uint8Array): Data {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return bytes;
  }
}
