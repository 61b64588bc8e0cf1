import type { Plan } from "../plan/plan.ts";
import type { ClientCertificates } from "./client_certificates.ts";
import type { Connections } from "./connections.ts";
import type { DeliveryTracker } from "./delivery_tracker.ts";
import type { FaultLog } from "./fault_log.ts";
import type { FlowIndex } from "./flow_index.ts";
import type { MarkPlaces } from "./mark_place.ts";
import type { MetricRecorder } from "./metric_recorder.ts";
import type { TimerWheel } from "./loop/timer_wheel.ts";

/** Counts by flow, shared by all workers of a run. */
export interface SharedCounts {
  /** Messages sent. */
  readonly sent: Int32Array;
  /** Messages sent whose outcome is unknown, so their deliveries are not promised. */
  readonly uncertain: Int32Array;
  /** By group: messages for which the load still waits. */
  readonly awaited: Int32Array;
}

/** What a worker knows of the flows of a run: who publishes them, what was sent, what was received. */
export interface Flows extends SharedCounts {
  readonly index: FlowIndex;
  readonly tracker: DeliveryTracker;
  /** Messages received by members of shared subscriptions, by flow. */
  readonly shared: Map<number, number>;
  /** Where messages carry marks outside their payloads; undefined if all payloads contain them. */
  readonly marks: MarkPlaces | undefined;
}

/** Writes its waiting bytes on request. */
export interface Flushable {
  flush(): void;
}

/** What the clients of a worker, with their publishers and receivers, need from the engine that serves them. */
export interface ClientHost {
  readonly plan: Plan;
  /** The zero of {@link now}, in milliseconds since 1970. */
  readonly epochMs: number;
  /** Milliseconds since the run began, on the clock that all workers share. */
  readonly now: () => number;
  /** When the load began, in ms of the clock; Infinity before. */
  readonly startMs: number;
  /** Messages due earlier are not timed. */
  readonly measuredFromMs: number;
  /** Whether a closed loop may send. */
  readonly running: boolean;
  /** Whether the load is over. */
  readonly ending: boolean;
  readonly recorder: MetricRecorder;
  readonly faults: FaultLog;
  readonly flows: Flows;
  readonly connections: Connections;
  readonly timers: TimerWheel;
  /** The certificates of the clients that have their own. */
  readonly certificates: ClientCertificates;
  /** A random number from 0 to below 1 that follows from the seed. */
  random(): number;
  /** Flushes a writer at the end of this turn at the latest. */
  flushSoon(writer: Flushable): void;
  /** Resolves with the next turn. */
  nextTurn(): Promise<void>;
  /**
   * A promise that a reader or writer must await before it continues, if the clients have kept the thread too long
   * without a turn of the event loop; undefined if it may continue at once. Ask again after it resolves: others have
   * waited for it too.
   */
  turnDue(): Promise<void> | undefined;
  /** Resolves after `ms` milliseconds. */
  sleep(ms: number): Promise<void>;
}
