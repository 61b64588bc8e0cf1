import type { RunEvent, RunStarted } from "../run/event.ts";
import type { Source } from "../run/result.ts";
import type { Suite } from "../suite/file/model.ts";
import type { Account } from "../suite/file/uncovered.ts";
import { clauseEvents, limitEvents, type PlannedKind } from "./requirement.ts";

/** What the record of a run says of the run itself. */
export interface RunHeader {
  /** attest's own version. */
  readonly version: string;
  readonly seed: number;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly suites: readonly Suite[];
  /** For so many milliseconds the cases are repeated on each target. */
  readonly forMs?: number | undefined;
  readonly sources?: readonly Source[] | undefined;
  readonly operator?: string | undefined;
  readonly customer?: string | undefined;
  readonly masked?: boolean | undefined;
  /** Why no case covers some clauses. */
  readonly accounts?: readonly Account[] | undefined;
}

/** The events with which a journal begins: the run, and the clauses that its cases could cover. */
export function startEvents(
  what: RunStarted["what"],
  header: RunHeader,
  planned: readonly PlannedKind[],
  repeat = 1,
): readonly RunEvent[] {
  const cases = planned.flatMap((one) => one.cases);
  return [
    {
      kind: "run-started",
      format: 1,
      attest: header.version,
      what,
      seed: header.seed,
      startedAt: new Date().toISOString(),
      command: header.command,
      environment: header.environment,
      planned: cases.length * repeat,
      lastsMs: header.forMs,
      operator: header.operator,
      customer: header.customer,
      masked: header.masked || undefined,
    },
    ...(header.sources ?? []).map((source) => ({ kind: "source" as const, ...source })),
    ...clauseEvents(planned, header.accounts ?? []),
    ...limitEvents(header.suites, cases),
  ];
}
