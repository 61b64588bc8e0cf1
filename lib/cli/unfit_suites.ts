import type { NamedTarget } from "../catalog/targets.ts";
import { UsageError } from "../catalog/usage_error.ts";
import { testsKind } from "../suite/file/due_clauses.ts";
import type { Suite } from "../suite/file/model.ts";
import { select } from "../suite/file/select.ts";
import { commandSet, DEFAULT_DIALECT } from "../target/target_file.ts";
import type { Screen } from "./terminal/screen.ts";

/**
 * Reports suites that the user named but that test a different kind of target than the run has. Throws {@link UsageError} if
 * no suite fits.
 */
export function tellUnfit(
  screen: Screen,
  suites: readonly Suite[],
  patterns: readonly string[],
  targets: readonly NamedTarget[],
): void {
  const selected = new Set(select(suites, { patterns }).map(({ case: one }) => one.suite));
  const kinds = new Set(targets.map(({ file }) => file.tests));
  const fits = ({ tests, cases }: Suite) =>
    cases.some((one) =>
      one.protocols.some((protocol) => [...kinds].some((kind) => testsKind(tests, kind, protocol)))
    );
  const unfit = suites.filter((suite) => selected.has(suite.name) && !fits(suite));
  const [first] = unfit;
  if (!first) return;
  const names = targets.map(({ file }) => `${file.name} is a ${file.tests}`).join(", ");
  const which = unfit.length === 1
    ? `The suite ${first.name} tests ${first.tests}s`
    : `The suites ${shortened(unfit.map(({ name }) => name))} test ${first.tests}s`;
  const sentence = `${which}, and no target of this run is a ${first.tests}: ${names}`;
  if (unfit.length < selected.size) return screen.complain(`${sentence}; left out`);
  const help = first.tests === "module"
    ? "Give a module with --target virtual-module or --target serial:/dev/ttyUSB0, or name suites for brokers, such as mqtt"
    : "Give a broker with --target reference or --target mqtt://host:port, or name suites for modules, such as at or client";
  throw new UsageError(`${sentence}\n${help}`);
}

/**
 * Reports module suites that the user has named and that are typed for a dialect that no module of the run has. Throws
 * {@link UsageError} if none is left. The dialects of the targets must be known.
 */
export function tellOtherDialects(
  screen: Screen,
  suites: readonly Suite[],
  patterns: readonly string[],
  targets: readonly NamedTarget[],
): void {
  const modules = targets.filter(({ file }) => file.tests === "module");
  if (modules.length === 0) return;
  const spoken = new Set(modules.map(({ file }) => commandSet(file.dialect ?? DEFAULT_DIALECT)));
  const selected = new Set(select(suites, { patterns }).map(({ case: one }) => one.suite));
  const typed = suites.filter(({ name, dialect }) =>
    selected.has(name) && dialect !== undefined && !spoken.has(commandSet(dialect))
  );
  const [first] = typed;
  if (!first) return;
  const whose = modules.map(({ file }) => `${file.name} has ${file.dialect ?? DEFAULT_DIALECT}`).join(", ");
  const dialects = [...new Set(typed.map(({ dialect }) => dialect))].join(" and ");
  const which = typed.length === 1
    ? `The suite ${first.name} is`
    : `The suites ${shortened(typed.map(({ name }) => name))} are`;
  const sentence = `${which} typed for the dialect ${dialects}, and no module of this run has it: ${whose}`;
  if (typed.length < selected.size) return screen.complain(`${sentence}; left out`);
  throw new UsageError(`${sentence}\nName suites for modules of every dialect, such as client`);
}

/** The first three names, and how many more there are. */
function shortened(names: readonly string[]): string {
  return names.length <= 3
    ? names.join(", ")
    : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
}
