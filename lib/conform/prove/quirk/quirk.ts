import { seededRandom } from "../../../ground/seeded_random.ts";
import { capacityOf } from "../../../suite/claim/capacities.ts";
import { amountOf, changedSupports } from "../../../suite/claim/claims.ts";
import type { TargetFile } from "../../../target/target_file.ts";
import type { BrokerAddress } from "../../../transport/address.ts";
import { shuffled } from "../../plan.ts";

/**
 * A lawful peculiarity that an embedded implementation can be configured with: no case may fail because of
 * it.
 */
export interface Quirk {
  readonly id: string;
  /** What the implementation does, in one sentence. */
  readonly about: string;
  /** The protocols in which it shows; absent for all. */
  readonly protocols?: readonly string[] | undefined;
  /** The only protocols that allow it, if it shows in others too; absent for all. */
  readonly lawfulIn?: readonly string[] | undefined;
  /**
   * The decisions of the implementation that it changes; a case that asks for none of them cannot encounter
   * it.
   */
  readonly points: readonly string[];
  /** The only transport on which it shows. */
  readonly over?: BrokerAddress["kind"] | undefined;
  /** Features that a target with it lacks, and features that only a target with it has. */
  readonly lacks?: readonly string[] | undefined;
  readonly supports?: readonly string[] | undefined;
  /** Values of a target with it. */
  readonly values?: Readonly<Record<string, number | string>> | undefined;
}

/** Quirks that one implementation has together, under one name. */
export interface QuirkSet {
  readonly name: string;
  readonly quirks: readonly Quirk[];
}

/** The number of quirks in a set that the seed selects. */
const DOZEN = 12;

/** Returns a set for each quirk alone. */
export function alone(quirks: readonly Quirk[]): readonly QuirkSet[] {
  return quirks.map((quirk) => ({ name: quirk.id, quirks: [quirk] }));
}

/**
 * Returns sets of twelve quirks in an order that the seed selects; if two make the same decision, the last
 * one wins.
 */
export function dozens(quirks: readonly Quirk[], many: number, seed: number): readonly QuirkSet[] {
  const random = seededRandom(seed);
  return Array.from({ length: many }, (_, at) => ({
    name: `dozen ${at + 1}`,
    quirks: shuffled(quirks, random).slice(0, DOZEN),
  }));
}

/** Returns the protocols in which a set shows and is lawful; undefined for all. */
export function protocolsOf({ quirks }: QuirkSet): ReadonlySet<string> | undefined {
  const named = quirks.map(({ protocols }) => protocols);
  const shown = named.includes(undefined) ? undefined : new Set(named.flatMap((one) => one ?? []));
  return quirks.reduce<ReadonlySet<string> | undefined>((left, { lawfulIn }) => {
    if (!lawfulIn) return left;
    const lawful = new Set(lawfulIn);
    return left ? lawful.intersection(left) : lawful;
  }, shown);
}

/** Returns a target file that describes an implementation with a set of quirks correctly. */
export function withQuirks(file: TargetFile, { name, quirks }: QuirkSet): TargetFile {
  const lacks = new Set(quirks.flatMap((one) => one.lacks ?? []));
  const more = quirks.flatMap((one) => one.supports ?? []);
  const values = new Map(file.values);
  for (const quirk of quirks) {
    for (const [key, value] of Object.entries(quirk.values ?? {})) {
      const known = capacityOf(key) && amountOf(values.get(key));
      // Of two small capacities the smaller one counts.
      if (known && typeof value === "number" && known.most < value) continue;
      const place = { file: name, line: 1, column: 1, length: 1 };
      values.set(key, { kind: "literal", value, source: String(value), place });
    }
  }
  const over = quirks.find((quirk) => quirk.over !== undefined)?.over;
  const { start } = file;
  return {
    ...file,
    start: over !== undefined && start?.kind === "reference-broker" ? { ...start, over } : start,
    name: `${file.name} with ${name}`,
    supports: changedSupports(
      file.supports,
      (features) => [...new Set([...features, ...more])].filter((one) => !lacks.has(one)),
    ),
    values,
  };
}
