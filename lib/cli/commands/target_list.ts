import { dialectsOf } from "../../catalog/dialects.ts";
import { findTargets, type NamedTarget } from "../../catalog/targets.ts";
import { visible } from "../../ground/text.ts";
import { plan } from "../../conform/plan.ts";
import type { Suite } from "../../suite/file/model.ts";
import { select, type Selection } from "../../suite/file/select.ts";
import { commandSet, DEFAULT_DIALECT } from "../../target/target_file.ts";
import { plainTable } from "../terminal/plain_table.ts";
import type { Screen } from "../terminal/screen.ts";

/** A case run on a target, and why it is skipped there. */
export interface TargetRun {
  readonly target: string;
  readonly id: string;
  readonly protocol: string;
  /** Why it is not run; absent for one that is. */
  readonly skip?: string | undefined;
}

/**
 * Which case runs targets would have, and why each of the other selected ones is not run. Throws UsageError for an
 * unknown target.
 */
export async function targetRuns(
  names: readonly string[],
  suites: readonly Suite[],
  selection: Pick<Selection, "patterns" | "filters">,
): Promise<readonly TargetRun[]> {
  const targets = await findTargets(names, undefined);
  const dialects = await dialectsOf(targets);
  const all = select(suites, selection);
  const bySuite = new Map(suites.map((suite) => [suite.name, suite]));
  return targets.flatMap((target) => {
    const planned = new Map(
      plan(target.file, { suites, selection, dialects }).map((
        one,
      ) => [keyOf(one.case.id, one.protocol), one]),
    );
    // Suites for another kind of target are reported where they are named.
    const shown = selection.patterns?.length
      ? all
      : all.filter(({ case: { suite } }) => bySuite.get(suite)?.tests === target.file.tests);
    return shown.map(({ case: { id, suite }, protocol }): TargetRun => {
      const one = planned.get(keyOf(id, protocol));
      const skip = one ? one.skip : unfit(bySuite.get(suite), target);
      return { target: target.file.name, id, protocol, ...(skip === undefined ? {} : { skip }) };
    });
  });
}

/** Prints the case runs of targets, each with the reason if it is skipped, and how many there are for each reason. */
export function printTargetRuns(screen: Screen, runs: readonly TargetRun[]): void {
  const rows = runs.map(({ target, id, protocol, skip }) =>
    [id, target, protocol, skip ?? "runs"].map(visible)
  );
  screen.print(plainTable(["case", "target", "protocol", "skipped since"], rows));
  for (const [target, own] of Map.groupBy(runs, (one) => one.target)) {
    const reasons = Map.groupBy(own.filter(({ skip }) => skip !== undefined), ({ skip = "" }) => skip);
    const ran = own.length - [...reasons.values()].reduce((sum, { length }) => sum + length, 0);
    screen.print(`\n${visible(target)}: ${ran} case runs, ${own.length - ran} skipped`);
    for (const [reason, { length }] of [...reasons].toSorted(([, a], [, b]) => b.length - a.length)) {
      screen.print(`  ${length}  ${visible(reason)}`);
    }
  }
}

/** Why no case of a suite applies to a target. */
function unfit(suite: Suite | undefined, { file }: NamedTarget): string {
  if (suite && suite.tests !== file.tests) {
    return `The suite tests ${suite.tests}s, and the target is a ${file.tests}`;
  }
  const dialect = file.dialect ?? DEFAULT_DIALECT;
  if (suite?.dialect !== undefined && commandSet(suite.dialect) !== commandSet(dialect)) {
    return `The suite is typed for the dialect ${suite.dialect}, and the target's is ${dialect}`;
  }
  return "The target does not speak its protocol";
}

function keyOf(id: string, protocol: string): string {
  return JSON.stringify([id, protocol]);
}
