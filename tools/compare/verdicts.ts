/** Compares the case ids and verdicts of two runs; prints nothing if they are the same. */
import { argv } from "node:process";
import { UsageError } from "../../lib/catalog/usage_error.ts";
import { casesOf, type Judged } from "../../lib/cli/record/result_file.ts";

/**
 * Returns the differences of two results, one per line: cases in only one of them, and cases with different
 * verdicts.
 */
export function differences(before: readonly Judged[], after: readonly Judged[]): readonly string[] {
  const [old, now] = [byCase(before), byCase(after)];
  const lines: string[] = [];
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(key), now.get(key)];
    if (was !== is) lines.push(`${key}: ${was ?? "absent"} -> ${is ?? "absent"}`);
  }
  return lines.sort();
}

/** Returns the verdicts of each case, including all its repetitions, in order. */
function byCase(cases: readonly Judged[]): ReadonlyMap<string, string> {
  const verdicts = new Map<string, string>();
  for (const { id, target, protocol, verdict } of cases) {
    const key = `${target} ${protocol} ${id}`;
    const before = verdicts.get(key);
    verdicts.set(key, before === undefined ? verdict : `${before} ${verdict}`);
  }
  return verdicts;
}

const HELP = `Usage: deno task compare BEFORE AFTER

Print the case runs whose verdict differs between two runs, or nothing if there are none.

Examples:
  deno task conform mqtt/ping --out results/before  a run
  deno task conform mqtt/ping --out results/after   another one
  deno task compare results/before results/after    where they differ

BEFORE and AFTER are a result.json or the folder of a run.

Exit status:
  0    no verdict differs
  1    a verdict differs, or a case run is only in one of them
  2    the command is wrong, or a run cannot be read`;

if (import.meta.main) {
  const [before, after] = argv.slice(2);
  if (before === "--help" || before === "-h") {
    console.log(HELP);
    Deno.exit(0);
  }
  if (before === undefined || after === undefined) {
    console.error(`Expected two runs\n${HELP}`);
    Deno.exit(2);
  }
  try {
    const lines = differences(await casesOf(before), await casesOf(after));
    for (const line of lines) console.log(line);
    Deno.exit(lines.length === 0 ? 0 : 1);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`error: ${error.message}`);
    Deno.exit(2);
  }
}
