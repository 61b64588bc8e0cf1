import type { RunEvent, RunStarted } from "../run/event.ts";
import type { PlannedCase } from "./plan.ts";
import { clauseEvents } from "./requirement.ts";

/** What the record of a run says of the run itself. */
export interface RunHeader {
  /** attest's own version. */
  readonly version: string;
  readonly seed: number;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The events with which a journal begins: the run, and the clauses that its cases could cover. */
export function startEvents(
  what: RunStarted["what"],
  header: RunHeader,
  cases: readonly PlannedCase[],
  repeat = 1,
): readonly RunEvent[] {
  const protocols = new Set(cases.map((one) => one.protocol));
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
    },
    ...[...protocols].flatMap(clauseEvents),
  ];
}
