import { Report, text } from "../../spec/form.ts";
import { list, mapOf, object } from "../../spec/form_parts.ts";
import type { Problem } from "../../spec/problem.ts";
import { readYaml } from "../../spec/yaml.ts";

/** The cases that are known to fail under each defect, by the defect's id. */
export type ProofRecord = ReadonlyMap<string, readonly string[]>;

const FORM = object("a recorded proof", (keys) => {
  const target = keys.required("target", text(), "the embedded implementation");
  const defects = keys.required(
    "defects",
    mapOf(
      { what: "the id of a defect", pattern: /^[a-z0-9-]+$/ },
      list(text({ what: "the id of a case" }), { least: 1 }),
    ),
    "for each defect the cases that fail under it",
  );
  return { target, defects };
});

/** Reads a recorded proof, which must be the one of `target`. */
export function loadProof(content: string, file: string, target: string): {
  readonly record: ProofRecord;
  readonly problems: readonly Problem[];
} {
  const { root, problems } = readYaml(content, file);
  const report = new Report();
  report.problems.push(...problems);
  const found = root && FORM.read(root, report);
  const start = { file, line: 1, column: 1, length: 1 };
  if (!root && problems.length === 0) report.add("expected a recorded proof, found an empty file", start);
  if (found?.target !== undefined && found.target !== target) {
    report.add(`expected the proof of "${target}", found that of "${found.target}"`, start);
  }
  const record = new Map((found?.defects ?? []).map(({ name, value }) => [name, value]));
  return { record, problems: report.problems };
}

/** Formats a proof in a fixed order, so a new record differs from the old one only in what is new. */
export function formatProof(target: string, record: ProofRecord): string {
  const lines = [...record].sort(byId).flatMap(([defect, cases]) => [
    `  ${defect}:`,
    ...[...new Set(cases)].sort().map((id) => `    - ${JSON.stringify(id)}`),
  ]);
  return [
    '# Written by "deno task prove --update": for each defect, cases that fail under it. Every case that can be',
    '# broken is listed at least once; "deno task prove --recorded" checks that all of it still holds.',
    `target: ${target}`,
    lines.length === 0 ? "defects: {}" : "defects:",
    ...lines,
    "",
  ].join("\n");
}

function byId([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
