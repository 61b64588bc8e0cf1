import type { CaseRun } from "../../conform/plan.ts";
import { type NamedSuites, namedSuites } from "../../catalog/named_suites.ts";
import { shippedSuiteFiles } from "../../catalog/suite_files.ts";
import { Suites } from "../../catalog/suites.ts";
import { findTarget, findTargets, type NamedTarget, targetFile, targetNames } from "../../catalog/targets.ts";
import { UsageError } from "../../catalog/usage_error.ts";
import { messageOf } from "../../ground/error_message.ts";
import type { Standing } from "../../run/standing.ts";
import { type EarlierCase, type EarlierRun, readEarlierRun } from "../record/earlier_run.ts";
import type { Screen } from "../terminal/screen.ts";
import { looksLikeAddress } from "../../transport/address.ts";
import { pathToFileURL } from "node:url";

/** The case runs to run again, and their targets. */
export interface Rerun {
  readonly targets: readonly NamedTarget[];
  readonly suites: NamedSuites;
  readonly only: (run: CaseRun) => boolean;
  /** The seed of the earlier run, so random choices are the same. */
  readonly seed: number;
}

/** The options of the new run that decide what it runs on. */
export interface RerunOptions {
  /** Instead of the targets of the earlier run. */
  readonly target?: readonly string[] | undefined;
  readonly allowStart?: readonly string[] | undefined;
}

/** The standings to run again, with their words in a message. */
const AGAIN: readonly (readonly [Standing, string])[] = [
  ["fail", "fail"],
  ["error", "error"],
  ["inconclusive", "inconclusive"],
  ["unexpected-pass", "unexpected pass"],
];
/** The options that change what a run finds. The user must give them again, because a record masks secrets. */
const NOT_REPEATED = [
  ...[
    "--set",
    "--user",
    "--password-file",
    "--ca",
    "--insecure",
    "--allow-start",
    "--broker-at",
    "--line-back",
  ],
  ...["--reset-command", "--restart-command", "--expect", "--no-expect"],
];
/** How many missing cases a message lists. */
const MOST_LISTED = 10;

/**
 * Finds the case runs of an earlier run that did not pass, and prints what runs again. With `names`, only cases of these
 * suites. Returns undefined, and prints so, if there is nothing to run again. Throws {@link UsageError} if the run is not of
 * `conform`, or its targets or cases can't be found.
 */
export async function failedOf(
  screen: Screen,
  path: string,
  names: readonly string[],
  options: RerunOptions,
): Promise<Rerun | undefined> {
  const run = await readEarlierRun(path);
  if (run.kind !== "conform") {
    throw new UsageError(`"${path}" is a run of ${run.kind}; --rerun-failed needs a run of conform`);
  }
  if (run.cases.length === 0) {
    const why = run.reason === undefined ? "" : `: ${run.reason}`;
    throw new UsageError(`"${path}" is a run without a case${why}\nRun the suites themselves again`);
  }
  if (run.notRun > 0) {
    screen.complain(`${run.notRun} case runs of ${path} never started; they do not run now either`);
  }
  const failed = run.cases.filter(({ standing }) => AGAIN.some(([one]) => one === standing));
  if (failed.length === 0) {
    screen.print(
      `Nothing to run again: each case run of ${path} passed, was skipped or is a known deviation`,
    );
    return undefined;
  }
  const suites = await suitesOf(screen, run, failed, names);
  const held = heldBy(suites);
  const left = failed.filter((one) => held.has(key(one)));
  tellGone(screen, failed.filter((one) => !held.has(key(one))), names);
  if (left.length === 0) {
    throw new UsageError(`Nothing was run: no suite has the cases of ${path} to run again`);
  }
  const targets = options.target
    ? await findTargets(options.target, options.allowStart)
    : await targetsOf(run, path, left, options.allowStart ?? []);
  tell(screen, run, path, left, targets);
  return { targets, suites, only: selects(left), seed: run.seed };
}

/** Whether a case run is one of these. On a target on which none of them ran, all of them count. */
function selects(failed: readonly EarlierCase[]): Rerun["only"] {
  const targets = new Set(failed.map(({ target }) => target));
  const runs = new Set(failed.flatMap((one) => [key(one), `${one.target} ${key(one)}`]));
  return (one) => runs.has(targets.has(one.target) ? `${one.target} ${key(one)}` : key(one));
}

function key({ id, protocol }: { readonly id: string; readonly protocol: string }): string {
  return `${protocol} ${id}`;
}

function heldBy({ suites }: NamedSuites): ReadonlySet<string> {
  return new Set(
    suites.flatMap(({ cases }) =>
      cases.flatMap(({ id, protocols }) => protocols.map((protocol) => key({ id, protocol })))
    ),
  );
}

/** The suites that the user names, or those of the earlier run that still exist. */
async function suitesOf(
  screen: Screen,
  { suiteFiles }: EarlierRun,
  failed: readonly EarlierCase[],
  names: readonly string[],
): Promise<NamedSuites> {
  if (names.length > 0) return await namedSuites(names);
  const shipped = new Set((await shippedSuiteFiles()).map(({ url }) => url.href));
  const own: string[] = [];
  for (const file of suiteFiles.filter((one) => !shipped.has(pathToFileURL(one).href))) {
    if (await Deno.stat(file).then((found) => found.isFile, () => false)) own.push(file);
    else screen.complain(`The file "${file}" no longer exists; if it has moved, name it: conform FILE …`);
  }
  const known = await Suites.find(own);
  const wanted = [...new Set(failed.map(({ suite }) => suite))].filter((name) => known.names.includes(name));
  return { suites: wanted.length > 0 ? await known.matching(wanted) : [], patterns: wanted, known };
}

function tellGone(screen: Screen, gone: readonly EarlierCase[], names: readonly string[]): void {
  if (gone.length === 0) return;
  const ids = [...new Set(gone.map(({ id, protocol }) => `${id} in ${protocol}`))];
  const where = names.length > 0
    ? "The suites that you name have no such cases"
    : "No suite has these cases any more";
  const more = ids.length > MOST_LISTED ? `\n  … and ${ids.length - MOST_LISTED} more` : "";
  screen.complain(`${where}; they are left out:\n  ${ids.slice(0, MOST_LISTED).join("\n  ")}${more}`);
}

/** The targets of the earlier run that have cases to run again: from their files, or at their addresses. */
async function targetsOf(
  run: EarlierRun,
  path: string,
  failed: readonly EarlierCase[],
  allowed: readonly string[],
): Promise<readonly NamedTarget[]> {
  const shipped = await targetNames();
  const names = run.targetFiles.map((file) => {
    const name = file.replace(/^.*\/|\.yaml$/g, "");
    const isShipped = shipped.includes(name) && pathToFileURL(file).href === targetFile(name).href;
    return isShipped ? name : /\//.test(file) ? file : `./${file}`;
  });
  const addresses = run.targets.map(({ address }) => address).filter(looksLikeAddress);
  const wanted = new Set(failed.map(({ target }) => target));
  const problems: string[] = [];
  const targets: NamedTarget[] = [];
  for (const word of [...names, ...addresses]) {
    if (wanted.size === 0) break;
    try {
      const target = await findTarget(word, allowed);
      if (wanted.delete(target.file.name)) targets.push(target);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(messageOf(error));
    }
  }
  if (wanted.size === 0) return targets;
  const missing = [...wanted].map((name) => `"${name}"`).join(" and ");
  throw new UsageError(
    [
      ...problems,
      `The record of ${path} does not contain the address of its target ${missing}; give --target`,
    ].join(
      "\n",
    ),
  );
}

function tell(
  screen: Screen,
  { command, seed }: EarlierRun,
  path: string,
  failed: readonly EarlierCase[],
  targets: readonly NamedTarget[],
): void {
  const counts = AGAIN.flatMap(([standing, word]) => {
    const own = failed.filter((one) => one.standing === standing).length;
    return own > 0 ? [`${own} ${word}`] : [];
  });
  const on = targets.map(({ file }) => file.name).join(" and ");
  screen.print(`Running again what did not pass in ${path} (seed ${seed}): ${counts.join(", ")}, on ${on}`);
  const options = NOT_REPEATED.filter((option) =>
    command.some((word) => word === option || word.startsWith(`${option}=`))
  );
  if (options.length > 0) {
    screen.print(`That run also had ${options.join(" and ")}; give them again if they still apply`);
  }
}
