import { sameBytes } from "../../ground/bytes.ts";
import { isByteForm } from "../../spec/bytes.ts";
import { asText, bytesOf, describeData, evaluate, resolve } from "../../spec/evaluate.ts";
import type { Data, Scope } from "../../spec/scope.ts";
import { type Value, wordOf } from "../../spec/value.ts";
import { bytesOfData, differs, isListData } from "./data.ts";
import type { Compare, Matcher } from "./matcher.ts";
import { MATCHERS } from "./matching_form.ts";

/**
 * Compares a received value with an expected one. Returns undefined if it matches, otherwise what was found
 * and expected in a few words. `actual` is undefined if the field is absent. Throws ValueError.
 *
 * If a list is expected for a single value, any item of the list matches. A received list is compared item by
 * item.
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
  if (actual === undefined) {
    // A list of choices may contain "absent".
    const allowed = expected.kind === "list" && expected.items.some((item) => !mismatch(item, actual, scope));
    return allowed ? undefined : `is missing, expected ${describeExpected(expected, scope)}`;
  }
  if (expected.kind === "list") return listMismatch(expected.items, actual, scope);
  if (expected.kind === "variable") {
    const data = evaluate(expected, scope);
    return sameData(data, actual) ? undefined : differs(actual, describeData(data));
  }
  return sameScalar(expected, actual, scope) ? undefined : differs(actual, describeExpected(expected, scope));
}

/** Describes an expectation in a few words: `1`, `"a/b"`, `1 or 2`, `not 0`. */
export function describeExpected(expected: Value, scope: Scope): string {
  const word = wordOf(expected);
  if (word === "any") return "any";
  if (word === "absent") return "none";
  if (expected.kind === "list") return describeItems(expected.items, scope);
  if (expected.kind === "map" && !isByteForm(expected)) {
    return expected.entries.map(([key, value]) =>
      MATCHERS.get(key)?.describe(value, comparing(scope)) ?? `${key} ${describeExpected(value, scope)}`
    ).join(", ");
  }
  return describeData(isByteForm(expected) ? bytesOf(expected, scope) : evaluate(expected, scope));
}

/** From so many equal items in a row on, they are counted. */
const COUNTED = 4;

/** The items of a list in a few words: `1 or 2`, and `0 × 500` for as many equal ones in a row. */
function describeItems(items: readonly Value[], scope: Scope): string {
  const runs: { readonly text: string; times: number }[] = [];
  for (const item of items) {
    const text = describeExpected(item, scope);
    const last = runs.at(-1);
    if (last?.text === text) last.times++;
    else runs.push({ text, times: 1 });
  }
  return runs.flatMap(({ text, times }) =>
    times < COUNTED ? Array.from({ length: times }, () => text) : [`${text} × ${times}`]
  ).join(" or ");
}

function comparing(scope: Scope): Compare {
  return {
    scope,
    mismatch: (expected, actual) => mismatch(expected, actual, scope),
    describe: (expected) => describeExpected(expected, scope),
  };
}

function mapMismatch(
  expected: Extract<Value, { kind: "map" }>,
  actual: Data | undefined,
  scope: Scope,
): string | undefined {
  const [first] = expected.entries;
  const matcher: Matcher | undefined = first && expected.entries.length === 1
    ? MATCHERS.get(first[0])
    : undefined;
  if (first && matcher) return matcher.mismatch(first[1], actual, comparing(scope));
  if (actual === undefined) return `is missing, expected ${describeExpected(expected, scope)}`;
  if (typeof actual !== "object" || actual === null || actual instanceof Uint8Array || isListData(actual)) {
    return differs(actual, "a group of fields");
  }
  for (const [key, value] of expected.entries) {
    const problem = mismatch(value, Object.hasOwn(actual, key) ? actual[key] : undefined, scope);
    if (problem !== undefined) return `has ${key} that ${problem}`;
  }
  return undefined;
}

function listMismatch(items: readonly Value[], actual: Data, scope: Scope): string | undefined {
  if (!isListData(actual)) {
    if (items.some((item) => mismatch(item, actual, scope) === undefined)) return undefined;
    return differs(actual, describeItems(items, scope));
  }
  for (const [index, item] of items.entries()) {
    const problem = mismatch(item, actual[index], scope);
    if (problem !== undefined) return `has item ${index + 1} that ${problem}`;
  }
  return actual.length > items.length ? `has ${actual.length} items, expected ${items.length}` : undefined;
}

function sameScalar(expected: Value, actual: Data, scope: Scope): boolean {
  if (isByteForm(expected) || actual instanceof Uint8Array) {
    return sameBytes(bytesOfData(actual), bytesOf(expected, scope));
  }
  // A received string is compared with the scalar as written: 007 is not 7.
  if (typeof actual === "string") return asText(expected, scope) === actual;
  return evaluate(expected, scope) === actual;
}

/** Compares data with data: bytes with text as UTF-8; a single value matches any item of an expected list. */
function sameData(expected: Data, actual: Data): boolean {
  if (expected instanceof Uint8Array || actual instanceof Uint8Array) {
    return sameBytes(bytesOfData(expected), bytesOfData(actual));
  }
  if (isListData(expected)) {
    if (!isListData(actual)) return expected.some((item) => sameData(item, actual));
    return expected.length === actual.length &&
      expected.every((item, index) => sameData(item, actual[index] ?? null));
  }
  if (
    typeof expected === "object" && typeof actual === "object" && expected && actual && !isListData(actual)
  ) {
    const names = Object.keys(expected);
    return names.length === Object.keys(actual).length &&
      names.every((name) =>
        Object.hasOwn(actual, name) && sameData(expected[name] ?? null, actual[name] ?? null)
      );
  }
  if (typeof actual === "string" && typeof expected === "number") return String(expected) === actual;
  return expected === actual;
}
