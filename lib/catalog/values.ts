import { suggest } from "../ground/nearest.ts";
import { CAPACITIES } from "../suite/claim/capacities.ts";
import type { Suite } from "../suite/file/model.ts";
import type { Suites } from "./suites.ts";
import type { NamedTarget } from "./targets.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Throws a {@link UsageError} for values that are not capacities and that neither a suite nor a target with
 * setup or teardown declares. Reads all suites only if the ones in `atHand` do not declare all values.
 */
export async function refuseUndeclared(
  values: ReadonlyMap<string, unknown> | undefined,
  targets: readonly NamedTarget[],
  atHand: readonly Suite[],
  known: Suites,
): Promise<void> {
  const names = [...values?.keys() ?? []];
  const ofTargets = [
    ...CAPACITIES.map(({ name }) => name),
    ...targets.flatMap(({ file }) => file.setup || file.teardown ? [...file.values.keys()] : []),
  ];
  const undeclared = (declared: ReadonlySet<string>) => names.filter((name) => !declared.has(name));
  if (undeclared(new Set([...ofTargets, ...declaredBy(atHand)])).length === 0) return;
  const declared = new Set([...ofTargets, ...declaredBy(await known.all())]);
  const lines = undeclared(declared).map((name) => {
    const hint = suggest(name, declared);
    return `No suite declares a value "${name}"${hint ? `; ${hint}` : ""}`;
  });
  if (lines.length > 0) throw new UsageError(lines.join("\n"));
}

function declaredBy(suites: readonly Suite[]): readonly string[] {
  return suites.flatMap((suite) => suite.cases.flatMap((one) => one.values.map(([name]) => name)));
}
