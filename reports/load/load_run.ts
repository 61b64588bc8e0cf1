import type { LoadResult } from "../../lib/run/load_result.ts";
import type { RunResult } from "../../lib/run/result.ts";

/** The result of a load. */
export type LoadRun = RunResult & { readonly load: LoadResult };

/** A load with its name in a comparison. */
export interface NamedLoad {
  readonly name: string;
  readonly result: LoadRun;
}

/** Whether a result is that of a load. */
export function isLoad(result: RunResult): result is LoadRun {
  return result.load !== undefined;
}
