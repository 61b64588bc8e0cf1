import { type LoadResult, NOTHING } from "../../lib/run/load_result.ts";

/** One condition of a load: a threshold, or a promise of QoS and session. */
export interface Condition {
  readonly kind: "threshold" | "promise";
  readonly name: string;
  readonly verdict: "pass" | "fail" | "inconclusive" | "skip";
  /** The finding in words. */
  readonly found: string;
}

/** All conditions of a load. */
export function conditionsOf(load: LoadResult): readonly Condition[] {
  return [
    ...load.thresholds.map(({ expression, verdict, shown }): Condition => ({
      kind: "threshold",
      name: expression,
      verdict,
      found: verdict === "skip" ? NOTHING : `measured: ${shown}`,
    })),
    ...load.promises.map(({ name, verdict, broken, text }): Condition => ({
      kind: "promise",
      name,
      verdict,
      found: `${text}: ${
        verdict === "skip" ? NOTHING : verdict === "pass" ? "kept" : `broken ${broken} times`
      }`,
    })),
  ];
}
