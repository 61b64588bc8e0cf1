import type { RunEvent, RunStarted } from "../run/event.ts";
import type { Source } from "../run/result.ts";
import type { Suite } from "../suite/file/model.ts";
import type { Account } from "../suite/file/uncovered.ts";
import { clauseEvents, limitEvents, type PlannedKind } from "./requirement.ts";

/** The run's own data in its record. */
export interface RunRecord {
  /** attest's own version. */
  readonly version: string;
  /** The command line, word by word, with secrets masked. */
  readonly command: readonly string[];
  /** The machine and what runs on it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The files of the run. */
  readonly sources?: readonly Source[] | undefined;
  /** Who runs it, and for whom. */
  readonly operator?: string | undefined;
  readonly customer?: string | undefined;
  /** Whether names and numbers in the record are masked. */
  readonly masked?: boolean | undefined;
  /** Why no case covers some clauses. */
  readonly accounts?: readonly Account[] | undefined;
}

/** The start of a run as recorded. */
export interface RunStart {
  readonly what: RunStarted["what"];
  readonly record: RunRecord;
  readonly seed: number;
  readonly suites: readonly Suite[];
  readonly planned: readonly PlannedKind[];
  /** What its clients announce where a case does not. */
  readonly announces?: string | undefined;
  /** How often the cases run; default 1. */
  readonly repeat?: number | undefined;
  /** How long the cases are repeated on each target, in milliseconds. */
  readonly forMs?: number | undefined;
}

/** Returns the first events of a journal: the run, and the clauses that its cases could cover. */
export function startEvents(start: RunStart): readonly RunEvent[] {
  const { record, planned, repeat = 1 } = start;
  const cases = planned.flatMap((one) => one.cases);
  return [
    {
      kind: "run-started",
      format: 1,
      attest: record.version,
      what: start.what,
      seed: start.seed,
      startedAt: new Date().toISOString(),
      command: record.command,
      environment: record.environment,
      planned: cases.length * repeat,
      lastsMs: start.forMs,
      operator: record.operator,
      customer: record.customer,
      announces: start.announces,
      masked: record.masked || undefined,
    },
    ...(record.sources ?? []).map((source) => ({ kind: "source" as const, ...source })),
    ...clauseEvents(planned, record.accounts ?? []),
    ...limitEvents(start.suites, cases),
  ];
}
