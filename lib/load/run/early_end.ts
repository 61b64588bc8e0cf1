import { pause } from "../../ground/wait.ts";
import { measuredValue } from "../../run/load_result.ts";
import { holds, type Threshold } from "../../run/threshold.ts";
import type { MetricSums } from "../engine/metric_sums.ts";

/** How often to check whether all messages have arrived, in milliseconds. */
const LOOK_MS = 20;

/** The end of a load before its stages: all messages have arrived, or a threshold that ends it does not hold. */
export class EarlyEnd {
  readonly #over = new AbortController();
  readonly #thresholds: readonly Threshold[];
  #reason: string | undefined;

  /** `thresholds` are those that end the load. */
  constructor(thresholds: readonly Threshold[]) {
    this.#thresholds = thresholds;
  }

  /** Aborts when the load is over. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Why the load is over, in a sentence; undefined until then. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /**
   * Ends the load if a threshold does not hold for what was measured so far. A threshold without measurements is
   * ignored.
   */
  check(total: MetricSums): void {
    for (const threshold of this.#thresholds) {
      const value = measuredValue(threshold.subject, total, {});
      if (value === undefined || holds(threshold, value)) continue;
      return this.#end(`The threshold ${threshold.expression} did not hold, and ends the load`);
    }
  }

  /** Ends the load once no group waits for messages any more; returns when it is over, or `until` aborts. */
  async watch(awaited: Int32Array, until: AbortSignal): Promise<void> {
    const ended = AbortSignal.any([until, this.signal]);
    while (!ended.aborted && awaited.some((left) => left > 0)) await pause(LOOK_MS, ended);
    if (!ended.aborted) this.#end("All messages for which the profile waits have arrived");
  }

  #end(reason: string): void {
    this.#reason ??= reason;
    this.#over.abort();
  }
}
