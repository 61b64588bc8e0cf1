import { checkDialect } from "../../at/dialect_check.ts";
import type { Dialect } from "../../at/dialect.ts";
import { evaluate, ValueError } from "../../spec/evaluate.ts";
import { Report } from "../../spec/form.ts";
import type { Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import type { Problem } from "../../spec/problem.ts";
import { type Data, Scope } from "../../spec/scope.ts";
import { toValue } from "../../spec/value.ts";
import { readYaml } from "../../spec/yaml.ts";
import { checkLimits } from "./limit_check.ts";
import { LIMITS } from "./limit_form.ts";
import { type LimitSuite, limitSuite } from "./limits.ts";
import { type ClientWays, readClientPart } from "./client_ways.ts";
import { type Operations, operationsForm } from "./dialect_operations.ts";
import { operationsAlone } from "./in_dialect.ts";

/** A command set, and how it expresses the operations of a module. */
export interface CommandSet {
  readonly dialect: Dialect;
  readonly operations: Operations;
  /** The same for cases, with a case's earlier requests, and how it does what cases assume. */
  readonly ways: ClientWays;
  /** The suite that tests its limits, if the file says how. */
  readonly limits?: LimitSuite | undefined;
}

/** The keys of a dialect file that do not belong to the dialect itself. */
const OTHER_PARTS: readonly string[] = ["operations", "client", "limits"];

/** Reads a dialect file. Reports all mistakes with their places. Never throws. */
export function loadDialect(
  text: string,
  file: string,
): { readonly commandSet?: CommandSet; readonly problems: readonly Problem[] } {
  const { root, problems } = readYaml(text, file);
  const report = new Report();
  report.problems.push(...problems);
  if (root?.kind !== "map") {
    if (problems.length === 0) {
      report.add("expected a dialect, found no map", root?.place ?? { file, line: 1, column: 1, length: 1 });
    }
    return { problems: report.problems };
  }
  const part = (name: string) => root.entries.find(({ key }) => key === name)?.value;
  const operations = part("operations");
  const client = readClientPart(part("client"), report);
  const presets = [...client.presets.keys()];
  const read = operations && operationsForm(text, presets).read(operations, report);
  const given = part("limits");
  const limits = given && LIMITS.read(given, report);
  const rest: Node = { ...root, entries: root.entries.filter(({ key }) => !OTHER_PARTS.includes(key)) };
  const data = dataOf(rest, report);
  if (data === undefined) return { problems: report.problems };
  const { dialect, problems: wrong } = checkDialect(data);
  for (const { path, message } of wrong) report.add(message, placeOf(rest, path));
  if (dialect && given?.kind === "map") checkLimits(given, dialect, text, report);
  if (!dialect || report.problems.length > 0) return { problems: report.problems };
  const tried = limits && limitSuite(dialect, limits, part("commands"), report);
  if (report.problems.length > 0) return { problems: report.problems };
  const ways: ClientWays = { ...client, operations: read ?? new Map() };
  return {
    commandSet: {
      dialect,
      operations: operationsAlone(ways),
      ways,
      limits: tried,
    },
    problems: [],
  };
}

/** Returns the data of a dialect, which uses no variables. Reports a variable and returns undefined. */
function dataOf(node: Node, report: Report): Data | undefined {
  try {
    return evaluate(toValue(node, (problem) => report.problems.push(problem)), new Scope());
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    report.add(error.message, error.place, error.hint);
    return undefined;
  }
}

/** Returns the place of a path, or of its last existing part. */
function placeOf(node: Node, path: readonly (string | number)[]): Place {
  const [step, ...rest] = path;
  if (step === undefined) return node.place;
  if (node.kind === "map") {
    const entry = node.entries.find(({ key }) => key === String(step));
    if (!entry) return node.place;
    return rest.length === 0 ? entry.keyPlace : placeOf(entry.value, rest);
  }
  const item = node.kind === "list" ? node.items[Number(step)] : undefined;
  return item ? placeOf(item, rest) : node.place;
}
