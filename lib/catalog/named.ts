import type { Dialect } from "../at/dialect.ts";
import { suggest } from "../ground/nearest.ts";
import type { Operations } from "../suite/dialect/dialect_operations.ts";
import type { Suite } from "../suite/file/model.ts";
import { unmatchedPatterns } from "../suite/file/select.ts";
import { DEFAULT_DIALECT } from "../target/target_file.ts";
import { readSuites, refuseProblems } from "./suites.ts";
import { type NamedTarget, readDialect } from "./targets.ts";
import { UsageError } from "./usage_error.ts";

/** What `conform` is to run: suites, and the patterns that select among them. */
export interface NamedSuites {
  readonly suites: readonly Suite[];
  readonly patterns: readonly string[];
  /** All suites that there are. */
  readonly known: readonly Suite[];
}

/**
 * The suites that a user names: by names and globs, or as files of his own. Throws {@link UsageError} for a file with
 * mistakes and a pattern that matches nothing.
 */
export async function namedSuites(named: readonly string[]): Promise<NamedSuites> {
  const files = named.filter((one) => /\.ya?ml$/.test(one));
  const read = await readSuites(files);
  refuseProblems(read);
  // Files alone are all that is run: their names are no patterns, which could match others too.
  const suites = files.length > 0 && files.length === named.length ? read.own : read.suites;
  const patterns = suites === read.own
    ? []
    : [...named.filter((one) => !files.includes(one)), ...read.own.map((suite) => suite.name)];
  refuseUnmatched(suites, patterns);
  return { suites, patterns, known: read.suites };
}

/** Throws a {@link UsageError} for patterns that no suite and no case matches. */
export function refuseUnmatched(suites: readonly Suite[], patterns: readonly string[]): void {
  const unmatched = unmatchedPatterns(suites, patterns);
  if (unmatched.length === 0) return;
  const lines = unmatched.map(({ pattern, hint }) =>
    `No suite or case is called "${pattern}"${hint ? `; ${hint}` : ""}`
  );
  throw new UsageError(`${lines.join("\n")}\n"attest list" shows what there is`);
}

/** Throws a {@link UsageError} for values that neither a suite declares nor a target has, for its setup. */
export function refuseUndeclared(
  suites: readonly Suite[],
  values: ReadonlyMap<string, unknown> | undefined,
  targets: readonly NamedTarget[],
): void {
  const declared = new Set([
    ...suites.flatMap((suite) => suite.cases.flatMap((one) => one.values.map(([name]) => name))),
    ...targets.flatMap(({ file }) => file.setup || file.teardown ? [...file.values.keys()] : []),
  ]);
  const lines = [...values?.keys() ?? []].filter((name) => !declared.has(name)).map((name) => {
    const hint = suggest(name, declared);
    return `No suite has a value "${name}"${hint ? `; ${hint}` : ""}`;
  });
  if (lines.length > 0) throw new UsageError(lines.join("\n"));
}

/** What a run has to know of the dialects of its module targets. Throws {@link UsageError}. */
export async function dialectsOf(
  targets: readonly NamedTarget[],
): Promise<{
  readonly dialect: (name: string) => Dialect;
  readonly operations: (name: string) => Operations;
}> {
  const names = new Set(
    targets.filter(({ file }) => file.tests === "module").map(({ file }) => file.dialect ?? DEFAULT_DIALECT),
  );
  const sets = new Map(
    await Promise.all([...names].map(async (name) => [name, await readDialect(name)] as const)),
  );
  const found = (name: string) => {
    const set = sets.get(name);
    if (!set) throw new UsageError(`There is no dialect "${name}"`);
    return set;
  };
  return { dialect: (name) => found(name).dialect, operations: (name) => found(name).operations };
}
