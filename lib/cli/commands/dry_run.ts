import type { PlannedCase } from "../../conform/plan.ts";
import type { NamedTarget } from "../../catalog/targets.ts";
import { visible } from "../../ground/text.ts";
import { plainTable } from "../terminal/plain_table.ts";
import type { Screen } from "../terminal/screen.ts";
import { startText } from "./name_list.ts";

/** A target with its planned case runs. */
export interface PlannedTarget {
  readonly target: NamedTarget;
  readonly cases: readonly PlannedCase[];
}

/** How often a run repeats its cases. */
export interface Rounds {
  readonly repeat?: number | undefined;
  readonly forMs?: number | undefined;
}

/** Prints what a run would do: targets, protocols, case runs by suite, and the reasons for skips. */
export function printDryRun(screen: Screen, planned: readonly PlannedTarget[], rounds: Rounds): void {
  for (const { target, cases } of planned) screen.print(targetLine(target, cases));
  const asked = planned.some(({ target }) => target.file.asks !== undefined);
  const rows = planned.flatMap(({ target, cases }) => rowsOf(target, cases));
  if (rows.length > 0) {
    const head = ["suite", "target", "protocol", "run", "skip", ...(asked ? ["open"] : [])];
    const numbers = head.length - 3;
    screen.print(
      `\n${plainTable(head, rows.map((row) => row.slice(0, head.length)), numbers)}\n`,
    );
  }
  const all = planned.flatMap(({ target, cases }) =>
    cases.map((one) => ({ one, state: stateOf(target, one) }))
  );
  for (
    const [reason, count] of reasonsOf(all.filter(({ state }) => state === "skip").map(({ one }) => one))
  ) {
    screen.print(`  skip ${String(count).padStart(4)}  ${visible(reason)}`);
  }
  const many = (state: State) => all.filter((one) => one.state === state).length;
  const open = many("open") > 0
    ? `, ${
      many("open")
    } open: they are skipped if the target does not claim what they need, which attest probes first`
    : "";
  screen.print(`${many("run")} case runs, ${many("skip")} skipped${open}`);
  if (rounds.repeat !== undefined) screen.print(`Each would run ${rounds.repeat} times`);
  if (rounds.forMs !== undefined) {
    screen.print(`They would run again and again for ${rounds.forMs / 1_000} s on each target`);
  }
  if (all.length === 0) {
    screen.print("No case is selected: suites, filters, protocols and targets have no case in common");
  }
  screen.print("Nothing was run");
}

/** What would happen to a case run; `open` if attest must probe the target first. */
type State = "run" | "skip" | "open";

function stateOf({ file }: NamedTarget, { skip, lacks, beyond }: PlannedCase): State {
  if (skip === undefined) return "run";
  return file.asks !== undefined && (lacks !== undefined || beyond !== undefined) ? "open" : "skip";
}

function targetLine(target: NamedTarget, cases: readonly PlannedCase[]): string {
  const { name, tests, asks } = target.file;
  const protocols = [...new Set(cases.map(({ protocol }) => protocol))].sort();
  const speaks = asks ? "probed for what it speaks and supports" : protocols.join(", ") || "no case";
  return visible(`Target ${name}: a ${tests}, ${startText(target.file)}; ${speaks}`);
}

function rowsOf(target: NamedTarget, cases: readonly PlannedCase[]): readonly string[][] {
  const groups = Map.groupBy(cases, (one) => JSON.stringify([one.case.suite, one.protocol]));
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    const count = (state: State) => {
      const many = own.filter((one) => stateOf(target, one) === state).length;
      return many > 0 ? String(many) : "";
    };
    const names = [visible(first.case.suite), visible(target.file.name), first.protocol];
    return [[...names, count("run"), count("skip"), count("open")]];
  });
}

/** The reasons for skipped case runs with their counts, most frequent first. */
function reasonsOf(cases: readonly PlannedCase[]): readonly (readonly [reason: string, count: number])[] {
  return [...Map.groupBy(cases, ({ skip = "" }) => skip)]
    .map(([reason, own]) => [reason, own.length] as const)
    .sort((a, b) => b[1] - a[1]);
}
