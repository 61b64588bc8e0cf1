import type { Value } from "../../spec/value.ts";

/** What a target claims in one protocol. */
export interface Claims {
  /** Its PICS: the names of its features. */
  readonly supports: readonly string[];
  /** Its PIXIT: values that cases need, by name; its capacities are among them. */
  readonly values: ReadonlyMap<string, Value>;
}

/** The features that a target claims: the same in every protocol, or by protocol. */
export type Supports = readonly string[] | ReadonlyMap<string, readonly string[]>;

/** The claims of a target in all its protocols. */
export interface AllClaims {
  readonly supports: Supports;
  readonly values: ReadonlyMap<string, Value>;
  /** The values of single protocols, over those of all. */
  readonly valuesIn?: ReadonlyMap<string, ReadonlyMap<string, Value>> | undefined;
}

/** What a target claims in one protocol. */
export function claimsIn({ supports, values, valuesIn }: AllClaims, protocol: string): Claims {
  const own = valuesIn?.get(protocol);
  return {
    supports: isList(supports) ? supports : supports.get(protocol) ?? [],
    values: own ? new Map([...values, ...own]) : values,
  };
}

/** The features that a target claims in any protocol. */
export function supportsAtAll({ supports }: Pick<AllClaims, "supports">): readonly string[] {
  return isList(supports) ? supports : [...new Set([...supports.values()].flat())];
}

/** Claims of which the features are changed, in every protocol. */
export function changedSupports(
  supports: Supports,
  change: (features: readonly string[]) => readonly string[],
): Supports {
  if (isList(supports)) return change(supports);
  return new Map([...supports].map(([protocol, features]) => [protocol, change(features)]));
}

function isList(supports: Supports): supports is readonly string[] {
  return Array.isArray(supports);
}

/** A capacity of a target: what it takes at most, or what it took where no limit was met. */
export interface Amount {
  readonly most: number;
  /** No limit was met. */
  readonly atLeast?: true | undefined;
}

const AT_LEAST = /^at least (\d{1,10})$/;

/** The capacity that a value says: a whole number, or `at least 1000`. Undefined for anything else. */
export function amountOf(value: Value | undefined): Amount | undefined {
  if (value?.kind !== "literal") return undefined;
  if (typeof value.value === "number") {
    return Number.isInteger(value.value) && value.value >= 0 ? { most: value.value } : undefined;
  }
  const [, least] = AT_LEAST.exec(value.source) ?? [];
  return least === undefined ? undefined : { most: Number(least), atLeast: true };
}

/** A capacity as a target file has it. */
export function amountText({ most, atLeast }: Amount): string {
  return atLeast ? `at least ${most}` : String(most);
}
