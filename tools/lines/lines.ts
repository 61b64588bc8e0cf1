/**
 * Compares what virtual modules come to in this process, behind a pty and behind raw TCP, and prints the counts by reason:
 *
 *     deno task lines                     # each dialect, all suites; about half an hour
 *     deno task lines qmt client/publish  # one target, some suites
 *
 * It ends with 1 where a verdict or its reason differs.
 */
import { differences, reachedBy } from "./ways.ts";

const DIALECTS = ["virtual-module", "qmt", "simcom", "esp"];
const USAGE = "deno task lines [TARGET] [SUITE…]; without a target each dialect";

if (import.meta.main) {
  const [target, ...patterns] = Deno.args;
  if (target?.startsWith("-")) {
    console.log(USAGE);
    Deno.exit(target === "--help" ? 0 : 2);
  }
  let differs = false;
  for (const name of target === undefined ? DIALECTS : [target]) {
    const reached = await reachedBy(name, patterns);
    for (const { way, counts } of reached) {
      console.log(`${name}, ${way}:`);
      for (const [what, count] of [...counts].toSorted(([a], [b]) => a < b ? -1 : 1)) {
        console.log(`  ${count}  ${what}`);
      }
    }
    const lines = differences(reached);
    differs ||= lines.length > 0;
    console.log(lines.length === 0 ? `${name}: the same verdicts in each way` : lines.join("\n"));
  }
  Deno.exit(differs ? 1 : 0);
}
