import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../../catalog/usage_error.ts";
import { levelIn } from "../../suite/file/model.ts";
import { select, type Selected } from "../../suite/file/select.ts";
import { type ListedClause, listedClauses, printClauses } from "./clause_list.ts";
import { Command } from "./command.ts";
import { collect } from "../options.ts";
import { namedSuites } from "../../catalog/named_suites.ts";
import { readUncovered } from "../../catalog/uncovered.ts";
import { plainTable } from "../terminal/plain_table.ts";
import type { Screen } from "../terminal/screen.ts";

/** Makes the command `list`. */
export function listCommand(screen: Screen) {
  return new Command("list")
    .argument("[suites...]", "names or globs of suites, or suite files or folders; default: all")
    .option("--filter <expression>", "cases whose id, clause or tag matches; ! negates; repeatable", collect)
    .option(
      "--clauses",
      "list clauses instead of cases, each with the cases that cover it, or why none can; with suites or filters only clauses that the selected cases cover",
    )
    .addOption(
      new Option("--targets", "list the targets that ship, instead of cases").conflicts([
        "profiles",
        "dialects",
        "clauses",
        "filter",
      ]),
    )
    .addOption(
      new Option("--profiles", "list the load profiles that ship, instead of cases").conflicts([
        "dialects",
        "clauses",
        "filter",
      ]),
    )
    .addOption(
      new Option("--dialects", "list the module dialects that ship, instead of cases").conflicts([
        "clauses",
        "filter",
      ]),
    )
    .addOption(
      new Option(
        "--target <target>",
        "show which case runs a target would have, and why each of the others is skipped; repeatable",
      ).argParser(collect).conflicts(["targets", "profiles", "dialects", "clauses"]),
    )
    .option("--json", "print the list as JSON")
    .action(async (names, options) => {
      const kind = (["targets", "profiles", "dialects"] as const).find((one) => options[one]);
      if (kind) {
        if (names.length > 0) {
          throw new UsageError(`--${kind} lists all that ship; leave out ${names.join(" ")}`);
        }
        const { listedTargets, listedProfiles, listedDialects, nameJson, nameTable } = await import(
          "./name_list.ts"
        );
        const lists = { targets: listedTargets, profiles: listedProfiles, dialects: listedDialects };
        const listed = await lists[kind]();
        return screen.print(options.json ? nameJson(listed) : nameTable(listed));
      }
      const { suites, patterns, known } = await namedSuites(names);
      const selection = { patterns, filters: options.filter ?? [] };
      if (options.target) {
        const { printTargetRuns, targetRuns } = await import("./target_list.ts");
        const runs = await targetRuns([options.target].flat(), suites, selection);
        return options.json ? screen.print(JSON.stringify(runs, null, 2)) : printTargetRuns(screen, runs);
      }
      const selected = select(suites, selection);
      if (options.clauses) {
        const all = listedClauses(await known.all(), await readUncovered());
        const narrowed = names.length > 0 || options.filter !== undefined;
        const listed = narrowed ? all.filter(coveredBy(selected)) : all;
        if (options.json) screen.print(JSON.stringify(listed, null, 2));
        else printClauses(screen, listed);
        return;
      }
      const cases = [...Map.groupBy(selected, (one) => one.case.id).values()].flatMap((runs) => {
        const [first] = runs;
        if (!first) return [];
        const protocols = runs.map((run) => run.protocol);
        const clauses = new Set(protocols.flatMap((protocol) => first.case.covers[protocol] ?? []));
        return [{
          id: first.case.id,
          level: [...new Set(protocols.map((protocol) => levelIn(first.case, protocol)))].join(" "),
          protocols,
          clauses: [...clauses],
          purpose: first.case.purpose,
        }];
      });
      if (options.json) return screen.print(JSON.stringify(cases, null, 2));
      const rows = cases.map((one) => [one.id, one.level, one.protocols.join(" "), one.clauses.join(" ")]);
      screen.print(plainTable(["case", "level", "protocols", "clauses"], rows));
      screen.print(`\n${cases.length} cases, ${selected.length} case runs`);
    });
}

/** Whether one of the selected cases covers a clause. */
function coveredBy(selected: readonly Selected[]): (listed: ListedClause) => boolean {
  const covered = new Set(
    selected.flatMap(({ case: one, protocol }) =>
      (one.covers[protocol] ?? []).map((clause) => `${protocol} ${clause}`)
    ),
  );
  const names = new Set(selected.map(({ case: one }) => `${one.suite}/${one.name}`));
  return ({ protocol, clause, cases }) =>
    covered.has(`${protocol} ${clause}`) && cases.some(({ id }) => names.has(id));
}
