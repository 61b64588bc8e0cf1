import { formatProblems } from "../spec/problem.ts";
import { type CommandSet, loadDialect } from "../suite/dialect/dialect_file.ts";
import type { DialectsByName } from "../suite/dialect/dialects_by_name.ts";
import { DEFAULT_DIALECT } from "../target/target_file.ts";
import { shownPath } from "./home.ts";
import { DIALECTS } from "./suite_files.ts";
import type { NamedTarget } from "./targets.ts";
import { suggest } from "../ground/nearest.ts";
import { type Naming, readText } from "./text_file.ts";
import { yamlNamesIn } from "./yaml_files.ts";
import { UsageError } from "./usage_error.ts";

/** Reads the dialects of a run's module targets. Throws {@link UsageError}. */
export async function dialectsOf(targets: readonly NamedTarget[]): Promise<DialectsByName> {
  const modules = targets.filter(({ file }) => file.tests === "module");
  const byName = Map.groupBy(modules, ({ file }) => file.dialect ?? DEFAULT_DIALECT);
  const sets = new Map(
    await Promise.all([...byName].map(async ([name, [first]]) => {
      const [url, place] = [first?.url, first?.file.places?.dialect];
      return [name, await readDialect(name, url && place && { url, place })] as const;
    })),
  );
  return {
    dialect(name) {
      const set = sets.get(name);
      if (!set) throw new UsageError(`Unknown dialect "${name}"`);
      return set.dialect;
    },
    operations: (name) => sets.get(name)?.operations,
    ways: (name) => sets.get(name)?.ways,
  };
}

/**
 * Reads the command set of a shipped dialect, which a target file names at a place. Throws {@link
 * UsageError}.
 */
export async function readDialect(name: string, naming?: Naming): Promise<CommandSet> {
  const names = await yamlNamesIn(DIALECTS);
  if (!names.includes(name)) throw await unknownDialect(name, names, naming);
  const url = dialectFile(name);
  const text = await readText(url);
  const file = shownPath(url);
  const { commandSet, problems } = loadDialect(text, file);
  if (!commandSet) throw new UsageError(formatProblems(problems, new Map([[file, text]])));
  return commandSet;
}

async function unknownDialect(name: string, names: readonly string[], naming?: Naming): Promise<UsageError> {
  const hint = suggest(name, names);
  if (!naming) return new UsageError(`Unknown dialect "${name}"${hint ? `; ${hint}` : ""}`);
  const problem = { message: `unknown dialect "${name}"`, place: naming.place, hint };
  return new UsageError(
    formatProblems([problem], new Map([[naming.place.file, await readText(naming.url)]])),
  );
}

/** Returns the file of a shipped dialect. */
export function dialectFile(name: string): URL {
  return new URL(`${name}.yaml`, DIALECTS);
}
