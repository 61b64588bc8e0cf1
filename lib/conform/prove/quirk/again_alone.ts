import type { RunEvent } from "../../../run/event.ts";
import type { TargetFile } from "../../../target/target_file.ts";
import type { QuirkSet } from "./quirk.ts";
import type { QuirkRun } from "./quirk_bench.ts";

/** An implementation with a set of quirks. */
export interface Trial {
  readonly file: TargetFile;
  readonly set: QuirkSet;
}

/** A trial in which cases failed while other implementations ran on the same machine. */
export interface Crowded {
  readonly trial: Trial;
  readonly run: QuirkRun;
  /** The events of the cases that failed. */
  readonly events: readonly RunEvent[];
  /** How long the trial took, in milliseconds. */
  readonly durationMs: number;
}

/** How {@link againAlone} works. */
export interface AgainOptions {
  /** Runs cases of a trial with nothing beside them, and emits the events of those that fail. */
  readonly rerun: (trial: Trial, ids: ReadonlySet<string>) => Promise<QuirkRun>;
  readonly emit: (event: RunEvent) => void;
  /** Receives the outcome of each trial. */
  readonly tried: (trial: Trial, run: QuirkRun, durationMs: number) => void;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** More failures than this are not the fault of a busy machine, and don't run again. */
export const AGAIN_AT_MOST = 60;

/** The identity of a case run within a trial: its id and protocol. */
export function runId(one: { readonly id: string; readonly protocol: string }): string {
  return `${one.id} ${one.protocol}`;
}

/**
 * Runs failed cases again, one trial after the other, with no other implementation beside them. Only a case that fails again is
 * failing; the others count as {@link QuirkRun.onlyBesideOthers}.
 */
export async function againAlone(crowded: readonly Crowded[], options: AgainOptions): Promise<void> {
  const { rerun, emit, tried, now, signal } = options;
  const failures = crowded.reduce((sum, { run }) => sum + run.failing.length, 0);
  for (const { trial, run, events, durationMs } of crowded) {
    if (signal.aborted) return;
    if (failures > AGAIN_AT_MOST) {
      events.forEach(emit);
      tried(trial, run, durationMs);
      continue;
    }
    const started = now();
    const { failing } = await rerun(trial, new Set(run.failing.map(runId)));
    if (signal.aborted) return;
    const onlyBesideOthers = run.failing.length - failing.length;
    const settled = onlyBesideOthers > 0 ? { ...run, failing, onlyBesideOthers } : { ...run, failing };
    tried(trial, settled, durationMs + now() - started);
  }
}
