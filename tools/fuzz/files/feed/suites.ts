import { clauseIds, hasClause } from "../../../../lib/catalog/clauses.ts";
import { dialectsOf } from "../../../../lib/catalog/dialects.ts";
import { namedSuites } from "../../../../lib/catalog/named_suites.ts";
import { shownPath } from "../../../../lib/catalog/home.ts";
import { SuiteReader } from "../../../../lib/catalog/suite_reader.ts";
import { readSuites } from "../../../../lib/catalog/suites.ts";
import { findTarget, type NamedTarget } from "../../../../lib/catalog/targets.ts";
import { refuseProblems } from "../../../../lib/catalog/usage_error.ts";
import { type CasePlan, plan } from "../../../../lib/conform/plan.ts";
import { loadDialect } from "../../../../lib/suite/dialect/dialect_file.ts";
import type { DialectsByName } from "../../../../lib/suite/dialect/dialects_by_name.ts";
import { loadOpenings, loadSuite } from "../../../../lib/suite/file/load.ts";
import type { Suite } from "../../../../lib/suite/file/model.ts";
import { select } from "../../../../lib/suite/file/select.ts";
import { loadUncovered, uncoveredProblems } from "../../../../lib/suite/file/uncovered.ts";
import { levelIn } from "../../../../lib/suite/file/model.ts";
import { basename, dirname } from "node:path";
import { pathToFileURL } from "node:url";

/** Targets of every kind, for planning the cases of a suite. */
const TARGETS = ["reference", "mosquitto", "virtual-module", "qmt"];

/** What is the same for all inputs: the targets, their dialects, the shipped suites. */
interface Shipped {
  readonly targets: readonly NamedTarget[];
  readonly dialects: DialectsByName;
  readonly suites: readonly Suite[];
}

/** Suites that use several openings of their folders. */
const USERS = /^(at\/(close|open)|client\/(keepalive|will)|mqtt\/(retain|sessions))$/;

let shipped: Promise<Shipped> | undefined;

/** Reads the shipped files once. */
export function readShipped(): Promise<Shipped> {
  return shipped ??= (async () => {
    const targets = await Promise.all(TARGETS.map((name) => findTarget(name)));
    const { suites } = await readSuites();
    return { targets, dialects: await dialectsOf(targets), suites };
  })();
}

/** Reads a suite as `conform` does, and plans its cases as `list` and `conform` do. */
export async function feedSuite(path: string): Promise<void> {
  const { suites } = await namedSuites([path]);
  const { targets, dialects } = await readShipped();
  planned(suites, targets, dialects);
}

/** Reads a file of openings, and suites of the same folder that use them. */
export async function feedOpenings(path: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  const openings = loadOpenings(text, path);
  refuseProblems(openings.problems, new Map([[path, text]]));
  const { suites } = await readShipped();
  const folder = basename(dirname(path));
  const users = suites.filter(({ name }) => USERS.test(name) && name.startsWith(`${folder}/`));
  for (const suite of users) {
    const source = await Deno.readTextFile(pathToFileURL(suite.file));
    const loaded = loadSuite(source, suite.file, { openings, clauses: hasClause, clauseIds });
    refuseProblems(loaded.problems, new Map([[suite.file, source], [path, text]]));
  }
}

/** Reads a dialect and the suite of its limits, and plans the module cases with its operations. */
export async function feedDialect(path: string): Promise<void> {
  const url = pathToFileURL(path);
  const read = await new SuiteReader().suiteOfDialect(url);
  refuseProblems(read.problems, read.sources);
  const { commandSet, problems } = loadDialect(await Deno.readTextFile(url), shownPath(url));
  if (!commandSet) return refuseProblems(problems, read.sources);
  const { targets, suites } = await readShipped();
  const dialects: DialectsByName = {
    dialect: () => commandSet.dialect,
    operations: () => commandSet.operations,
  };
  const modules = targets.filter(({ file }) => file.tests === "module").slice(0, 1);
  const some = suites.filter(({ name }) => /^client\/(publish|will|receive)$/.test(name));
  planned([...read.suites, ...some], modules, dialects);
}

/** Reads a list of clauses without cases, and compares it with the suites. */
export async function feedUncovered(path: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  const { accounts, problems } = loadUncovered(text, path);
  const { suites } = await readShipped();
  const all = problems.length > 0 ? problems : uncoveredProblems(accounts, suites);
  refuseProblems(all, new Map([[path, text]]));
}

function planned(suites: readonly Suite[], targets: readonly NamedTarget[], dialects: DialectsByName): void {
  const listed = select(suites, { patterns: suites.map(({ name }) => name), filters: ["!no such"] });
  for (const { case: one, protocol } of listed) levelIn(one, protocol);
  const cases: CasePlan = { suites, selection: { patterns: [] }, dialects };
  for (const { file } of targets) plan(file, cases);
}
