import type { Random } from "../inputs.ts";
import { hostile, NUMBERS, one, TEXTS } from "./hostile.ts";

/** A place in a document: a list or map, and the index or key in it. */
interface Spot {
  readonly holder: unknown[] | Record<string, unknown>;
  readonly key: string | number;
}

/** The size above which lists are usually thinned out, because many items do mostly what few do, and slower. */
const MANY = 6;

/**
 * Copies a document with one to four of its values changed. `others` are documents of the same kind, from
 * which parts are taken: a suitable part gets further in a reader than an unsuitable one.
 */
export function mutatedTree(
  document: unknown,
  others: readonly unknown[],
  language: "yaml" | "json",
  next: Random,
): unknown {
  const box = { root: thinned(document, next) };
  // One mistake gets furthest; several show how mistakes are reported together.
  for (let times = next(2) === 0 ? 1 : 1 + next(4); times > 0; times--) change(box, others, language, next);
  return box.root;
}

function change(
  box: { root: unknown },
  others: readonly unknown[],
  language: "yaml" | "json",
  next: Random,
): void {
  const spots = spotsOf(box);
  const { holder, key } = one(spots, next);
  const value: unknown = Reflect.get(holder, key);
  const put = (changed: unknown) => set(holder, key, changed);
  switch (next(14)) {
    case 0:
    case 1:
    case 2:
      return put(hostile(next, language));
    case 3:
      return put(partOf(one(others, next), next));
    case 4:
    case 10:
    case 11:
      return put(partOf(one(others, next), next, key));
    case 5:
      if (holder === box) return;
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else Reflect.deleteProperty(holder, key);
      return;
    case 6:
      return grow(holder, value, others, language, next);
    case 7:
      return put(next(2) === 0 ? [value] : { [one(["a", "all", "not", "join", "hex", "of"], next)]: value });
    case 8: {
      const other = one(spots, next);
      // A list or map that contains itself cannot be written as text.
      if (isBranch(value) || isBranch(Reflect.get(other.holder, other.key))) {
        return put(hostile(next, language));
      }
      put(Reflect.get(other.holder, other.key));
      return set(other.holder, other.key, value);
    }
    case 9:
      if (Array.isArray(holder) || holder === box) {
        // Branches nested in each other many times would produce more text than any reader accepts.
        return put(Array.from({ length: 1 + next(isBranch(value) ? 4 : 300) }, () => value));
      }
      Reflect.deleteProperty(holder, key);
      return set(
        holder,
        next(2) === 0 ? `${key}${one(TEXTS, next).slice(0, 300)}` : one(TEXTS, next).slice(0, 300),
        value,
      );
    default:
      return put(tweaked(value, next));
  }
}

function grow(
  holder: unknown[] | Record<string, unknown>,
  value: unknown,
  others: readonly unknown[],
  language: "yaml" | "json",
  next: Random,
): void {
  const more = next(2) === 0
    ? value
    : next(2) === 0
    ? partOf(one(others, next), next)
    : hostile(next, language);
  if (Array.isArray(holder)) return void holder.splice(next(holder.length + 1), 0, more);
  const keys = keysOf(one(others, next));
  set(holder, keys.length > 0 && next(3) > 0 ? one(keys, next) : one(TEXTS, next).slice(0, 300), more);
}

/** Returns a scalar that is almost the same. */
function tweaked(value: unknown, next: Random): unknown {
  if (typeof value === "number") {
    return one(
      [value + 1, value - 1, -value, value * 1e6, value + 0.5, String(value), one(NUMBERS, next)],
      next,
    );
  }
  if (typeof value === "boolean") return one([!value, String(value), Number(value), null], next);
  if (typeof value !== "string") return next(2) === 0 ? one(TEXTS, next) : null;
  const at = next(value.length + 1);
  const [head, tail] = [value.slice(0, at), value.slice(at)];
  return one(
    [
      head,
      tail,
      head + one(TEXTS, next) + tail,
      `$${value}`,
      `${value}.b.c`,
      value + value,
      `${value} ${value}`,
      head + tail.slice(1),
    ],
    next,
  );
}

/** Sets an own property, whatever its name is, even `__proto__`. */
function set(holder: unknown[] | Record<string, unknown>, key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function isBranch(value: unknown): value is unknown[] | Record<string, unknown> {
  return typeof value === "object" && value !== null &&
    (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype);
}

/** Returns all places of a document, including its root. */
function spotsOf(box: Record<string, unknown>): readonly Spot[] {
  const spots: Spot[] = [];
  const walk = (holder: unknown[] | Record<string, unknown>) => {
    for (const key of Object.keys(holder)) {
      spots.push({ holder, key: Array.isArray(holder) ? Number(key) : key });
      const value: unknown = Reflect.get(holder, key);
      if (isBranch(value)) walk(value);
    }
  };
  walk(box);
  return spots;
}

/** Copies some part of a document, preferably one at the same key. */
function partOf(document: unknown, next: Random, at?: string | number): unknown {
  const spots = spotsOf({ root: document });
  const same = typeof at === "string" ? spots.filter(({ key }) => key === at) : [];
  const { holder, key } = one(same.length > 0 ? same : spots, next);
  return thinned(Reflect.get(holder, key), next, 2);
}

function keysOf(document: unknown): readonly string[] {
  return spotsOf({ root: document }).flatMap(({ key }) => typeof key === "string" ? [key] : []);
}

/** Copies a value with most of the items removed from long lists and maps at the top, such as those of cases. */
export function thinned(value: unknown, next: Random, depth = 0): unknown {
  const top = depth < 2;
  if (Array.isArray(value)) {
    return (top ? fewer(value, next, 1) : value).map((item) => thinned(item, next, depth + 1));
  }
  if (!isBranch(value)) return value;
  const entries = Object.entries(value);
  const copy: Record<string, unknown> = {};
  for (const [key, item] of top && entries.length > 30 ? fewer(entries, next, 0) : entries) {
    set(copy, key, thinned(item, next, depth + 1));
  }
  return copy;
}

/** Returns some consecutive items, and the first ones, which others usually need. */
function fewer<T>(items: readonly T[], next: Random, first: number): readonly T[] {
  if (items.length <= MANY || next(30) === 0) return items;
  const from = next(items.length);
  const to = from + 1 + next(MANY);
  return items.filter((_, index) => index < first || (index >= from && index < to));
}
