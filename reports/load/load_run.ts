import type { LoadResult } from "../../lib/run/load_result.ts";
import type { RunResult } from "../../lib/run/result.ts";

/** The result of a run that was a load. */
export type LoadRun = RunResult & { readonly load: LoadResult };

/** A load with the name that a comparison gives it. */
export interface NamedLoad {
  readonly name: string;
  readonly result: LoadRun;
}

/** Whether a run was a load. */
export function isLoad(result: RunResult): result is LoadRun {
  return result.load !== undefined;
}
