import type { Value } from "../../spec/value.ts";

/** The claims of a target for one protocol. */
export interface Claims {
  /** Its PICS: the names of its features. */
  readonly supports: readonly string[];
  /** Its PIXIT: values that cases need, by name, including its capacities. */
  readonly values: ReadonlyMap<string, Value>;
}

/** The features that a target claims: one list for every protocol, or one per protocol. */
export type Supports = readonly string[] | ReadonlyMap<string, readonly string[]>;

/** The claims of a target for all its protocols. */
export interface AllClaims {
  readonly supports: Supports;
  readonly values: ReadonlyMap<string, Value>;
  /** The values for single protocols, which override those for all. */
  readonly valuesIn?: ReadonlyMap<string, ReadonlyMap<string, Value>> | undefined;
}

/** Returns the claims of a target for one protocol. */
export function claimsIn({ supports, values, valuesIn }: AllClaims, protocol: string): Claims {
  const own = valuesIn?.get(protocol);
  return {
    supports: isList(supports) ? supports : supports.get(protocol) ?? [],
    values: own ? new Map([...values, ...own]) : values,
  };
}

/** Returns the features that a target claims for any protocol. */
export function supportsAtAll({ supports }: Pick<AllClaims, "supports">): readonly string[] {
  return isList(supports) ? supports : [...new Set([...supports.values()].flat())];
}

/** Copies the claims with changed features, for every protocol. */
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

/** A capacity of a target: its limit, or the largest tested amount if no limit was found. */
export interface Amount {
  readonly most: number;
  /** No limit was found. */
  readonly atLeast?: true | undefined;
}

const AT_LEAST = /^at least (\d{1,10})$/;

/** Parses the capacity in a value: a whole number, or `at least 1000`. Returns undefined for anything else. */
export function amountOf(value: Value | undefined): Amount | undefined {
  if (value?.kind !== "literal") return undefined;
  if (typeof value.value === "number") {
    return Number.isInteger(value.value) && value.value >= 0 ? { most: value.value } : undefined;
  }
  const [, least] = AT_LEAST.exec(value.source) ?? [];
  return least === undefined ? undefined : { most: Number(least), atLeast: true };
}

/** Formats a capacity as in a target file. */
export function amountText({ most, atLeast }: Amount): string {
  return atLeast ? `at least ${most}` : String(most);
}
