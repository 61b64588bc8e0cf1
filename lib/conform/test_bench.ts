import type { CaseEnded, CaseStarted, ChartEntry, RunEvent } from "../run/event.ts";
import type { DialectsByName } from "../suite/dialect/dialects_by_name.ts";
import type { Suite } from "../suite/file/model.ts";
import { ecmtCommands } from "../suite/test_suite.ts";
import type { TargetFile } from "../target/target_file.ts";
import { conform, type ConformOptions } from "./conform.ts";
import { type CasePlan, plan, type PlannedCase } from "./plan.ts";

export { brokerSuite, ecmt, ecmtCommands, suiteOf } from "../suite/test_suite.ts";

/** One judged case. */
export type JudgedCase = CaseStarted & { readonly ended: CaseEnded | undefined };

/** The result of a run in a test. */
export interface Judged {
  readonly exit: number;
  readonly events: readonly RunEvent[];
  /** In the order in which the cases started. */
  readonly cases: readonly JudgedCase[];
}

/** The ECMT command set, whatever dialect is requested. */
export async function ecmtAlone(): Promise<DialectsByName> {
  const { dialect, operations } = await ecmtCommands();
  return { dialect: () => dialect, operations: () => operations };
}

/** The reference broker as a target, with defects. */
export function referenceTarget(defects: readonly string[] = [], more: Partial<TargetFile> = {}): TargetFile {
  return {
    name: "reference",
    title: "the reference broker",
    tests: "broker",
    start: { kind: "reference-broker", defects },
    protocols: ["3.1", "3.1.1", "5.0"],
    supports: ["qos1", "qos2", "retained", "wills", "sessions", "wildcards"],
    values: new Map(),
    withinMs: 2_000,
    ...more,
  };
}

/** A broker that a test plays on a local port; once it is gone, attest does not wait for it long. */
export function addressTarget(port: number, more: Partial<TargetFile> = {}): TargetFile {
  const { start: _, ...rest } = referenceTarget([], { name: "played", ...more });
  return {
    backMs: 200,
    ...rest,
    address: { text: `mqtt://127.0.0.1:${port}`, place: { file: "test", line: 1, column: 1, length: 1 } },
  };
}

/** The virtual module as a target, with defects. */
export function moduleTarget(defects: readonly string[] = [], more: Partial<TargetFile> = {}): TargetFile {
  return {
    name: "virtual-module",
    title: "the virtual module",
    tests: "module",
    start: { kind: "virtual-module", defects, behaviour: {} },
    protocols: ["ECMT", "3.1.1"],
    supports: [],
    values: new Map(),
    ...more,
  };
}

/** Runs suites on a target and collects the results. */
export async function judge(
  suites: Suite | readonly Suite[],
  target: TargetFile | readonly TargetFile[] = referenceTarget(),
  more: Partial<ConformOptions> & Partial<Pick<CasePlan, "selection" | "expectations" | "values">> = {},
): Promise<Judged> {
  const { selection = {}, expectations, values, ...options } = more;
  const events: RunEvent[] = [];
  const exit = await conform({
    targets: [target].flat(),
    plan: {
      suites: [suites].flat(),
      selection,
      expectations,
      values,
      dialects: await ecmtAlone(),
    },
    record: { version: "0", command: [], environment: {} },
    seed: 1,
    signal: new AbortController().signal,
    ...options,
    emit: (event) => {
      events.push(event);
      more.emit?.(event);
    },
  });
  const started = events.filter((event) => event.kind === "case-started");
  const ended = new Map(
    events.flatMap((event) => event.kind === "case-ended" ? [[event.n, event] as const] : []),
  );
  const cases = started.map((one) => ({ ...one, ended: ended.get(one.n) }));
  return { exit, events, cases: cases.filter((one) => !one.ended?.unconfirmed) };
}

/** The planned cases of suites for a target. */
export async function plannedFor(
  suites: Suite | readonly Suite[],
  target: TargetFile = referenceTarget(),
): Promise<readonly PlannedCase[]> {
  return plan(target, { suites: [suites].flat(), selection: {}, dialects: await ecmtAlone() });
}

/** Returns the result of each case, by its name without the suite: `fail: Unexpected …`. */
export function verdicts(judged: Judged): Readonly<Record<string, string>> {
  return Object.fromEntries(judged.cases.map(({ id, ended }) => {
    const name = id.slice(id.indexOf("/") + 1);
    if (!ended) return [name, "not ended"];
    return [name, ended.reason === undefined ? ended.verdict : `${ended.verdict}: ${ended.reason}`];
  }));
}

/** The chart of a case. */
export function chartOf(judged: Judged, name: string): readonly ChartEntry[] {
  const one = judged.cases.find(({ id }) => id.endsWith(`/${name}`));
  return judged.events.filter((event) => event.kind === "chart" && event.n === one?.n)
    .filter((event) => event.kind === "chart");
}
