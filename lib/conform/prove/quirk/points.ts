import { Report, text } from "../../../spec/form.ts";
import { list, mapOf, object } from "../../../spec/form_parts.ts";
import type { Problem } from "../../../spec/problem.ts";
import { readYaml } from "../../../spec/yaml.ts";
import type { Quirk, QuirkSet } from "./quirk.ts";

/** Which decisions of an embedded implementation the cases ask for. */
export interface PointRecord {
  /** The decisions that many cases ask for, without the cases. */
  readonly common: ReadonlySet<string>;
  /** For each other decision, the ids of the cases that ask for it. */
  readonly cases: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The share of the cases above which a decision is common. */
const COMMON = 1 / 4;

/**
 * Creates the record from observations: for each case the points that it consulted and that some quirk
 * changes.
 */
export function pointRecord(
  seen: ReadonlyMap<string, ReadonlySet<string>>,
  quirks: readonly Quirk[],
): PointRecord {
  const changed = pointsOf(quirks);
  const byPoint = new Map<string, Set<string>>();
  for (const [id, points] of seen) {
    for (const point of points) {
      if (!isNamed(point, changed)) continue;
      const ids = byPoint.get(point) ?? new Set();
      byPoint.set(point, ids.add(id));
    }
  }
  const common = [...byPoint].filter(([, ids]) => ids.size > seen.size * COMMON).map(([point]) => point);
  return {
    common: new Set(common),
    cases: new Map([...byPoint].filter(([point]) => !common.includes(point))),
  };
}

/**
 * Returns the ids of the cases that can encounter a set of quirks: `some` certainly do; `any` is set if a
 * quirk changes a decision that many cases ask for. A point also stands for all that begin with it and a
 * space: `outgoing` for `outgoing CONNACK`.
 */
export function meeting(record: PointRecord, { quirks }: QuirkSet): {
  readonly some: ReadonlySet<string>;
  readonly any: boolean;
} {
  const changed = pointsOf(quirks);
  const some = [...record.cases].filter(([point]) => isNamed(point, changed)).flatMap(([, ids]) => [...ids]);
  return { some: new Set(some), any: [...record.common].some((point) => isNamed(point, changed)) };
}

function pointsOf(quirks: readonly Quirk[]): readonly string[] {
  return [...new Set(quirks.flatMap(({ points }) => points))];
}

function isNamed(point: string, points: readonly string[]): boolean {
  return points.some((one) => point === one || point.startsWith(`${one} `));
}

const FORM = object("a record of decisions", (keys) => {
  const target = keys.required("target", text(), "the embedded implementation");
  const common = keys.required(
    "common",
    list(text()),
    "decisions that more than a quarter of the cases ask for",
  );
  const cases = keys.required(
    "points",
    mapOf(
      { what: "a decision", pattern: /^[A-Za-z0-9. _-]{1,80}$/ },
      list(text({ what: "the id of a case" }), { least: 1 }),
    ),
    "for each other decision the cases that ask for it",
  );
  return { target, common, cases };
});

/** Reads a record, which must be the one of `target`. */
export function loadPoints(content: string, file: string, target: string): {
  readonly record: PointRecord;
  readonly problems: readonly Problem[];
} {
  const { root, problems } = readYaml(content, file);
  const report = new Report();
  report.problems.push(...problems);
  const found = root && FORM.read(root, report);
  const start = { file, line: 1, column: 1, length: 1 };
  if (!root && problems.length === 0) {
    report.add("expected a record of decisions, found an empty file", start);
  }
  if (found?.target !== undefined && found.target !== target) {
    report.add(`expected the record of "${target}", found that of "${found.target}"`, start);
  }
  const cases = new Map((found?.cases ?? []).map(({ name, value }) => [name, new Set(value)]));
  return { record: { common: new Set(found?.common), cases }, problems: report.problems };
}

/** Formats the record in a fixed order. */
export function formatPoints(target: string, { common, cases }: PointRecord): string {
  const quoted = (ids: Iterable<string>, indent: string) =>
    [...ids].sort().map((id) => `${indent}- ${JSON.stringify(id)}`);
  return [
    '# Written by "deno task prove --quirks --update": which decisions of the implementation each case asks for.',
    '# "deno task prove --quirks --recorded" runs, for each quirk, the cases that ask for what it changes.',
    `target: ${target}`,
    common.size === 0 ? "common: []" : "common:",
    ...quoted(common, "  "),
    cases.size === 0 ? "points: {}" : "points:",
    ...[...cases].sort(([a], [b]) => a < b ? -1 : 1).flatMap(([point, ids]) => [
      `  ${JSON.stringify(point)}:`,
      ...quoted(ids, "    "),
    ]),
    "",
  ].join("\n");
}
