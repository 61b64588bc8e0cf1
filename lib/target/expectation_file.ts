import { fileSchema, flag, type JsonSchema, located, Report, text, word } from "../spec/form.ts";
import { list, object } from "../spec/form_parts.ts";
import type { Place } from "../spec/place.ts";
import type { Problem } from "../spec/problem.ts";
import { readYaml } from "../spec/yaml.ts";
import { stringify } from "yaml";
import { FINDING, type KnownFinding } from "./known_finding.ts";

const VERDICTS = ["pass", "fail", "inconclusive", "skip", "error"] as const;

const PROTOCOL = /^(\d\.\d(\.\d)?|[A-Z][A-Z0-9-]*)$/;

/** A known deviation of a target: the verdict of a case there, and why it is accepted. */
export interface KnownDeviation {
  /** The exact id of the case. */
  readonly case: string;
  /** One protocol; absent for all. */
  readonly protocol?: string | undefined;
  readonly verdict: (typeof VERDICTS)[number];
  readonly reason: string;
  /** Set if it occurs in some runs only, so a pass is expected too. */
  readonly sometimes?: true | undefined;
  /** Its line; absent if it was not read from a file. */
  readonly line?: number | undefined;
  /** The place of its case's id. */
  readonly place?: Place | undefined;
}

const CASE = () => located(text({ what: "the id of a case" }));

/** What one entry of the file lists. */
interface Entry {
  readonly deviations: readonly KnownDeviation[];
  readonly finding?: KnownFinding;
}

const NO_ENTRY: Entry = { deviations: [] };

const ENTRY = object("an expectation", (keys, report): Entry => {
  const one = keys.optional("case", CASE(), "the id of the case");
  const several = keys.optional(
    "cases",
    list(CASE(), { least: 1 }),
    "the ids of several cases, instead of case",
  );
  const protocol = keys.optional(
    "protocol",
    text({ what: "a protocol such as 3.1.1 or ECMT", pattern: PROTOCOL }),
    "one protocol; without it all",
  );
  const finding = keys.optional(
    "finding",
    FINDING,
    "what is wrong, in whatever cases it shows, instead of case",
  );
  const verdict = keys.optional("verdict", word(VERDICTS, "verdict"), "what the cases end in there");
  const reason = keys.required("reason", text({ what: "a reason" }), "why that is accepted");
  const sometimes = keys.optional("sometimes", flag(), "it shows in some runs only; a pass is as expected");
  const place = keys.place("verdict") ?? keys.place("reason");
  const names = ["case", "cases", "finding"].filter((name) => keys.has(name));
  if (place && names.length !== 1) {
    report.add(
      "an expectation has either a case, or cases, or a finding",
      place,
      names.length > 1 ? `remove ${names.length > 2 ? "two" : "one"}` : "add case:",
    );
  }
  if (place && names[0] !== "finding" && !keys.has("verdict")) {
    report.add('an expectation without "verdict"', place, "add verdict:");
  }
  if (reason && finding) return { deviations: [], finding: { ...finding, protocol, reason } };
  if (!verdict || !reason) return NO_ENTRY;
  const deviations = [one, ...several ?? []].filter((each) => each !== undefined).map(({ value, place }) => ({
    case: value,
    verdict,
    reason,
    protocol,
    sometimes: sometimes || undefined,
    line: place.line,
    place,
  }));
  return { deviations };
});

const FORM = object("an expectation file", (keys) => {
  const target = keys.required("target", text(), "the target whose deviations these are");
  const expect = keys.required("expect", list(ENTRY), "the known deviations");
  return {
    target,
    expect: (expect ?? []).flatMap(({ deviations }) => deviations),
    findings: (expect ?? []).flatMap(({ finding }) => finding ?? []),
  };
});

/**
 * Reads an expectation file. `known` says whether a case id exists; an entry for an unknown id is a problem,
 * and `near` suggests the intended one.
 */
export function loadExpectations(
  content: string,
  file: string,
  known: (id: string) => boolean,
  near?: (id: string) => string | undefined,
): {
  /** The target that the file names. */
  readonly target?: string | undefined;
  readonly expectations: readonly KnownDeviation[];
  /** The deviations that are named by what is wrong. */
  readonly findings: readonly KnownFinding[];
  readonly problems: readonly Problem[];
} {
  const { root, problems } = readYaml(content, file);
  const report = new Report();
  report.problems.push(...problems);
  const found = root && FORM.read(root, report);
  if (!root && problems.length === 0) {
    report.add("expected an expectation file, found an empty file", { file, line: 1, column: 1, length: 1 });
  }
  const expectations = found?.expect ?? [];
  for (const one of expectations) {
    if (known(one.case)) continue;
    report.add(
      `no case has the id "${one.case}"`,
      one.place ?? { file, line: one.line ?? 1, column: 1, length: 1 },
      near?.(one.case) ?? "remove the entry, or correct the id",
    );
  }
  return {
    target: found?.target,
    expectations,
    findings: found?.findings ?? [],
    problems: report.problems,
  };
}

/**
 * Returns the known deviation for a case in a protocol; an entry for this protocol takes precedence over one
 * for all.
 */
export function deviationFor(
  expectations: readonly KnownDeviation[],
  id: string,
  protocol: string,
): KnownDeviation | undefined {
  const ofCase = expectations.filter((one) => one.case === id);
  return ofCase.find((one) => one.protocol === protocol) ?? ofCase.find((one) => one.protocol === undefined);
}

/** An expectation file as text: findings first; cases with the same reason stand together. */
export function formatExpectations(
  target: string,
  expectations: readonly KnownDeviation[],
  findings: readonly KnownFinding[] = [],
): string {
  const listed = findings.map(({ rule, message, protocol, reason }) => ({
    finding: rule === undefined ? { message } : { rule },
    protocol,
    reason,
  }));
  const groups = Map.groupBy(
    expectations,
    ({ protocol, verdict, reason, sometimes }) => JSON.stringify([protocol, verdict, reason, sometimes]),
  );
  const expect = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const ids = group.map((one) => one.case);
    return {
      ...(ids.length === 1 ? { case: first.case } : { cases: ids }),
      protocol: first.protocol,
      verdict: first.verdict,
      sometimes: first.sometimes,
      reason: first.reason,
    };
  });
  return stringify({ target, expect: [...listed, ...expect] }, { lineWidth: 110 });
}

/** Returns the JSON Schema of an expectation file, draft 2020-12. */
export function expectationJsonSchema(): JsonSchema {
  return fileSchema(FORM, "attest expectation file");
}
