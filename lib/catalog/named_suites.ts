import type { Suite } from "../suite/file/model.ts";
import { Suites } from "./suites.ts";

/** The suites that a run selects from, and the patterns by which it selects. */
export interface NamedSuites {
  readonly suites: readonly Suite[];
  readonly patterns: readonly string[];
  /** All suites, of which only the named ones have been read. */
  readonly known: Suites;
}

/**
 * Finds the suites that a user names, by names and globs or as files of his own; without a name, all suites. Throws
 * UsageError for a file with mistakes and for a pattern that matches nothing.
 */
export async function namedSuites(named: readonly string[]): Promise<NamedSuites> {
  const files = named.filter((one) => /\.ya?ml$/.test(one));
  const globs = named.filter((one) => !files.includes(one));
  const known = await Suites.find(files);
  // With files alone nothing else is run; the names of their suites, as patterns, could match others too.
  if (files.length > 0 && globs.length === 0) return { suites: known.own, patterns: [], known };
  const patterns = [...globs, ...known.own.map(({ name }) => name)];
  return { suites: await known.matching(patterns), patterns, known };
}
