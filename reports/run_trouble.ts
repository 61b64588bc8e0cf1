import type { RunResult } from "../lib/run/result.ts";

/** What is wrong with a run as a whole, whatever its cases say. */
export interface RunTrouble {
  /** `failure` where the run was whole and shows something wrong, or nothing; `error` where it was not. */
  readonly kind: "error" | "failure";
  /** In a few words. */
  readonly type: string;
  /** One sentence, not made visible. */
  readonly text: string;
  /** The lines behind it, such as the place of a mistake in a file. */
  readonly detail?: string | undefined;
}

/** What is wrong with a run as a whole; undefined where its cases say all. */
export function troubleOf(result: RunResult): RunTrouble | undefined {
  const { reason, unjudged, interrupted, complete, exit, notRun, cases, load } = result;
  if (interrupted) {
    const left = notRun > 0 ? `; ${notRun} planned case runs were not begun` : "";
    // The run stopped itself, as the user wanted.
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
