import { fileSchema, type JsonSchema, Report, text, word } from "../spec/form.ts";
import { list, object } from "../spec/form_parts.ts";
import type { Problem } from "../spec/problem.ts";
import { readYaml } from "../spec/yaml.ts";
import { stringify } from "yaml";

const VERDICTS = ["pass", "fail", "inconclusive", "skip", "error"] as const;

const PROTOCOLS = ["3.1", "3.1.1", "5.0", "ECMT"] as const;

/** A known deviation of a target: what verdict a case has there, and why that is accepted. */
export interface Expectation {
  /** The case's id, exactly. */
  readonly case: string;
  /** One protocol; absent for all. */
  readonly protocol?: string;
  readonly verdict: (typeof VERDICTS)[number];
  readonly reason: string;
  /** Where it stands; absent for one that was not read from a file. */
  readonly line?: number;
}

const ENTRY = object("an expectation", (keys): Expectation | undefined => {
  const id = keys.required("case", text({ what: "the id of a case" }), "the id of the case");
  const protocol = keys.optional("protocol", word(PROTOCOLS, "protocol"), "one protocol; without it all");
  const verdict = keys.required("verdict", word(VERDICTS, "verdict"), "what the case ends in there");
  const reason = keys.required("reason", text({ what: "a reason" }), "why that is accepted");
  const line = keys.place("case")?.line;
  if (!id || !verdict || !reason) return undefined;
  return {
    case: id,
    verdict,
    reason,
    ...(protocol ? { protocol } : {}),
    ...(line === undefined ? {} : { line }),
  };
});

const FORM = object("an expectation file", (keys) => {
  const target = keys.required("target", text(), "the target whose deviations these are");
  const expect = keys.required("expect", list(ENTRY), "the known deviations");
  return { target, expect: expect ?? [] };
});

/** Reads an expectation file. `known` says whether there is a case of an id: an entry for none is a problem. */
export function loadExpectations(
  content: string,
  file: string,
  known: (id: string) => boolean,
): {
  /** The target that the file names. */
  readonly target?: string;
  readonly expectations: readonly Expectation[];
  readonly problems: readonly Problem[];
} {
  const { root, problems } = readYaml(content, file);
  const report = new Report();
  report.problems.push(...problems);
  const found = root && FORM.read(root, report);
  if (!root && problems.length === 0) {
    report.add("an empty file where an expectation file is due", { file, line: 1, column: 1, length: 1 });
  }
  const expectations = found?.expect ?? [];
  for (const one of expectations) {
    if (known(one.case)) continue;
    report.add(
      `no case has the id "${one.case}"`,
      { file, line: one.line ?? 1, column: 1, length: 1 },
      "take the entry out, or mend the id",
    );
  }
  return {
    ...(found?.target === undefined ? {} : { target: found.target }),
    expectations,
    problems: report.problems,
  };
}

/** The expectation that applies to a case in a protocol; one that names the protocol goes first. */
export function expectationFor(
  expectations: readonly Expectation[],
  id: string,
  protocol: string,
): Expectation | undefined {
  const ofCase = expectations.filter((one) => one.case === id);
  return ofCase.find((one) => one.protocol === protocol) ?? ofCase.find((one) => one.protocol === undefined);
}

/** An expectation file as text. */
export function formatExpectations(target: string, expectations: readonly Expectation[]): string {
  const expect = expectations.map(({ case: id, protocol, verdict, reason }) => ({
    case: id,
    ...(protocol === undefined ? {} : { protocol }),
    verdict,
    reason,
  }));
  return stringify({ target, expect }, { lineWidth: 110 });
}

/** The JSON Schema of an expectation file, draft 2020-12. */
export function expectationJsonSchema(): JsonSchema {
  return fileSchema(FORM, "attest expectation file");
}
