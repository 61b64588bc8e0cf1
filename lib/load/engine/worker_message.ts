import type { LoadFault } from "../../run/load_event.ts";
import type { Plan } from "../plan/plan.ts";
import type { MetricDelta } from "./metric_recorder.ts";
import type { RateSegment } from "../plan/rate_segment.ts";

/** A message from the load to a worker. Moments are in ms since the run began. */
export type ToWorker =
  | {
    readonly kind: "start";
    readonly plan: Plan;
    readonly worker: number;
    readonly sent: Int32Array;
    readonly uncertain: Int32Array;
    readonly awaited: Int32Array;
    readonly clock: SharedArrayBuffer;
    readonly epochMs: number;
  }
  | { readonly kind: "connect" }
  | { readonly kind: "begin"; readonly startMs: number; readonly measuredFromMs: number }
  | { readonly kind: "extend"; readonly segments: readonly RateSegment[]; readonly measuredFromMs: number }
  | { readonly kind: "run"; readonly running: boolean }
  /** No more messages come due. */
  | { readonly kind: "stop" }
  | { readonly kind: "take" }
  | { readonly kind: "left" }
  | { readonly kind: "finish" };

/** A message from a worker to the load. */
export type FromWorker =
  | { readonly kind: "loaded" }
  | { readonly kind: "started" }
  /** It can't take part, and why, in a sentence. */
  | { readonly kind: "unready"; readonly reason: string }
  | { readonly kind: "settled" }
  | { readonly kind: "fault"; readonly fault: Omit<LoadFault, "kind" | "t"> }
  | { readonly kind: "taken"; readonly delta: MetricDelta; readonly connected: number }
  /** What is pending, and how many missing deliveries are among it. */
  | { readonly kind: "left"; readonly left: number; readonly missing: number }
  | {
    readonly kind: "finished";
    readonly delta: MetricDelta;
    /** Messages that members of shared subscriptions received, by flow. */
    readonly shares: ReadonlyMap<number, number>;
  };
