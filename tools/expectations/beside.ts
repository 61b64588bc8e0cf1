import { deviationFor, type KnownDeviation } from "../../lib/target/expectation_file.ts";
import type { Judged } from "./deviations.ts";
import type { BrokerFault } from "./faults.ts";

/** A finding of a run, with its case runs. */
export interface ShownFinding {
  readonly number: number;
  readonly standing: string;
  /** What its example says. */
  readonly reason: string;
  readonly clauses: readonly string[];
  readonly rules: readonly string[];
  readonly cases: readonly Judged[];
}

/** A finding with the faults that explain its case runs. */
export interface FindingBeside {
  readonly finding: ShownFinding;
  readonly faults: readonly BrokerFault[];
  /** Its case runs that no fault explains. */
  readonly unexplained: readonly Judged[];
}

/** The findings of a run beside the faults of a list, and where they are not one to one. */
export interface Beside {
  readonly findings: readonly FindingBeside[];
  /** Findings with case runs that no fault explains. */
  readonly unexplained: readonly FindingBeside[];
  /** Findings that contain case runs of several faults. */
  readonly joined: readonly FindingBeside[];
  /** Faults whose case runs are in several findings, with those findings. */
  readonly split: readonly { readonly fault: BrokerFault; readonly findings: readonly ShownFinding[] }[];
  /** Faults that no finding shows. */
  readonly unseen: readonly BrokerFault[];
}

/** Compares the findings of a run with a list of faults; `found` has the deviations that each fault explains. */
export function besideFaults(
  findings: readonly ShownFinding[],
  faults: readonly BrokerFault[],
  found: ReadonlyMap<BrokerFault, readonly Judged[]>,
): Beside {
  const faultOf = new Map(
    [...found].flatMap(([fault, cases]) => cases.map((one) => [nameOf(one), fault] as const)),
  );
  const rows = findings.map((finding): FindingBeside => {
    const own = finding.cases.map((one) => faultOf.get(nameOf(one)));
    return {
      finding,
      faults: faults.filter((fault) => own.includes(fault)),
      unexplained: finding.cases.filter((one) => !faultOf.has(nameOf(one))),
    };
  });
  const shown = faults.map((fault) => ({
    fault,
    findings: rows.filter((row) => row.faults.includes(fault)).map(({ finding }) => finding),
  }));
  return {
    findings: rows,
    unexplained: rows.filter(({ unexplained }) => unexplained.length > 0),
    joined: rows.filter((row) => row.faults.length > 1),
    split: shown.filter((one) => one.findings.length > 1),
    unseen: shown.filter((one) => one.findings.length === 0).map(({ fault }) => fault),
  };
}

function nameOf({ id, protocol }: Judged): string {
  return `${id} ${protocol}`;
}

/**
 * Formats the comparison as a section of the page of faults. `known` are the deviations of the expectation file, whose reasons
 * stand beside findings that no fault explains.
 */
export function besideSection(beside: Beside, known: readonly KnownDeviation[]): string {
  const runs = beside.findings.reduce((sum, { finding }) => sum + finding.cases.length, 0);
  return [
    "## The findings of a run beside these faults",
    "",
    `Without the expectation file the run has ${count(beside.findings.length, "finding")} in ${
      count(runs, "case run")
    }; the list has ${
      count(new Set(beside.findings.flatMap(({ faults }) => faults)).size, "fault")
    } that they show.`,
    "",
    "| finding | case runs | clause | what it says | fault |",
    "|---|---|---|---|---|",
    ...beside.findings.map(row),
    "",
    ...differences(beside, known),
  ].join("\n");
}

function row({ finding, faults }: FindingBeside): string {
  const clauses = finding.clauses.map((one) => `\`${one}\``).join(", ");
  const names = faults.map(({ fault }) => fault).join("; ");
  const cells = [
    String(finding.number),
    String(finding.cases.length),
    clauses,
    says(finding),
    names || "none",
  ];
  return `| ${cells.map(cell).join(" | ")} |`;
}

/** What a finding says, without what differs from run to run. */
function says({ standing, reason }: ShownFinding): string {
  const text = reason
    .replaceAll(/ \((?:\d of \d alone|not run again alone: [^()]*)\)/g, "")
    .replaceAll(/"attest\/[^"]*"/g, '"…"')
    .replaceAll(/\battest\/[a-z0-9]{8,}/g, "…")
    .replaceAll(/within \d+(?:\.\d+)? m?s\b/g, "in time")
    .replaceAll(/\bid=\d+/g, "id=…");
  return standing === "fail" ? text : `${standing}: ${text}`;
}

/** A paragraph and a list for each kind of difference; one sentence if there is none. */
function differences(
  { unexplained, joined, split, unseen }: Beside,
  known: readonly KnownDeviation[],
): readonly string[] {
  const lines = [
    ...listed(
      "No fault explains these findings:",
      unexplained.map(({ finding, unexplained }) => {
        const reasons = unexplained.map(({ id, protocol }) =>
          deviationFor(known, id, protocol)?.reason ?? "new"
        );
        return `${finding.number}, in ${unexplained.length} of ${count(finding.cases.length, "case run")}: ${
          [...new Set(reasons)].join("; ")
        }`;
      }),
    ),
    ...listed(
      "These findings show several faults:",
      joined.map(({ finding, faults }) =>
        `${finding.number}: ${faults.map(({ fault }) => fault).join("; ")}`
      ),
    ),
    ...listed(
      "These faults show as several findings, because what is received, the case or the clause differs:",
      split.map(({ fault: { fault }, findings }) => `${fault}: ${byMessage(findings).join("; ")}`),
    ),
    ...listed(
      "No finding shows these faults:",
      unseen.map(({ fault, avoided }) =>
        `${fault}: ${avoided ?? "it shows in other runs, and not in this one"}`
      ),
    ),
  ];
  return lines.length > 0 ? lines : ["Each finding is one fault, and each fault one finding.", ""];
}

/** `1, 3 (no answer; apart by case or clause)`: findings with their message, those of one message together. */
function byMessage(findings: readonly ShownFinding[]): readonly string[] {
  return [...Map.groupBy(findings, says)].map(([message, own]) => {
    const numbers = own.map(({ number }) => number).join(", ");
    return `${numbers} (${message.replace(/\.$/, "")}${own.length > 1 ? "; apart by case or clause" : ""})`;
  });
}

function listed(head: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [head, "", ...items.map((one) => `- ${plain(one)}`), ""];
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

function cell(text: string): string {
  return plain(text).replaceAll("|", "\\|");
}

/** Escapes what Markdown would read as markup, except code. */
function plain(text: string): string {
  return text.replaceAll(/[\r\n]+/g, " ").replaceAll(/[<>*_]/g, "\\$&");
}
