import type { RunResult } from "../lib/run/result.ts";

/** A problem of the whole run, independent of its cases. */
export interface RunTrouble {
  /** `failure` if the run is complete but shows a failure, or nothing; `error` if the run is not complete. */
  readonly kind: "error" | "failure";
  /** The kind of problem in a few words. */
  readonly type: string;
  /** One sentence, not escaped by `visible`. */
  readonly text: string;
  /** Further lines, such as the place of a mistake in a file. */
  readonly detail?: string | undefined;
}

/** The problem of the whole run; undefined if there is none. */
export function troubleOf(result: RunResult): RunTrouble | undefined {
  const { reason, unjudged, interrupted, complete, exit, notRun, cases, load } = result;
  if (interrupted) {
    const left = notRun > 0 ? `; ${notRun} planned case runs did not start` : "";
    // The run stopped by itself, as the user asked.
    if (reason !== undefined && exit !== 130) {
      return { kind: "failure", type: "stopped", text: reason + left };
    }
    const text = `The run was interrupted${left}`;
    return { kind: "error", type: "interrupted", text };
  }
  if (reason !== undefined) {
    const [first = "", ...rest] = reason.split("\n");
    const told = { text: first.replace(/^error: /, ""), detail: rest.length > 0 ? reason : undefined };
    if (exit === 1) return { kind: "failure", type: "run", ...told };
    return { kind: "error", type: cases.length === 0 && !load ? "not started" : "run", ...told };
  }
  if (!complete) return { kind: "error", type: "cut off", text: "The run did not end" };
  return unjudged === undefined ? undefined : { kind: "failure", type: "nothing judged", text: unjudged };
}
