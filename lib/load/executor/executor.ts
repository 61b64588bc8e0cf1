import type { LoadEvent, LoadSecond, PlannedStage } from "../../run/load_event.ts";
import type { Threshold } from "../../run/threshold.ts";
import type { Report } from "../../spec/form.ts";
import type { Keys } from "../../spec/form_parts.ts";
import type { MetricSums } from "../engine/metric_sums.ts";
import type { RateSegment } from "../plan/rate_segment.ts";
import type { Group } from "../profile/group.ts";
import type { Stage } from "../profile/stage.ts";

/**
 * A way to generate the messages of a load. Each executor is a file of this folder and a line in `executors.ts`: its
 * keys in a profile, its checks, its schedule, and how it drives a load.
 */
export interface Executor {
  /** Its name in a profile and in the journal. */
  readonly name: string;
  /** What it does, for the reader of a profile; part of a sentence. */
  readonly about: string;
  /**
   * Reads the profile's keys for this executor. It is called for every profile, so a mistake in them is found whichever
   * executor the profile names.
   */
  read(keys: Keys, report: Report): Prepare;
}

/** Checks the rest of a profile that names the executor, and makes it ready to drive the load. */
export type Prepare = (outline: Outline) => Execution | undefined;

/** The parts of a profile that do not belong to one executor. */
export interface Outline {
  readonly stages: readonly Stage[];
  readonly groups: readonly Group[];
  readonly warmUpMs: number;
  /** Whether no mistake was found before: then an absent value is missing, rather than unreadable. */
  readonly sound: boolean;
}

/**
 * Where messages come from: in an `open` loop they come due by a schedule, whatever the broker does; in a `closed` loop a
 * client sends the next one as soon as its window has room.
 */
export type Loop = "open" | "closed";

/** An executor with its settings, ready to drive a load. */
export interface Execution {
  readonly name: string;
  readonly loop: Loop;
  /** Whether it sends the groups' rates according to the stages, so the rate at each moment is known beforehand. */
  readonly knownRate: boolean;
  /** Whether it measures in trials: then the generator limits a trial and not the whole run. */
  readonly trials: boolean;
  /** Lays the load out in time, as far as it is known before it begins. */
  layOut(fullRate: number, clients: number): Layout;
  /** Drives the load until its last message has come due, or the signal aborts. */
  drive(load: LoadControl): Promise<void>;
}

/** A load laid out in time, for the workers and for the reader of the result. */
export interface Layout {
  readonly segments: readonly RateSegment[];
  readonly planned: readonly PlannedStage[];
}

/** The position of a load in time: its phase, and the index of its stage; -1 for none. */
export interface LoadPosition {
  readonly phase: LoadSecond["phase"];
  readonly stage: number;
}

/** A running load, as an executor sees and steers it. */
export interface LoadControl {
  readonly warmUpMs: number;
  readonly thresholds: readonly Threshold[];
  /** What all groups together send per second at 100 %. */
  readonly fullRate: number;
  readonly workers: Workers;
  readonly seconds: Seconds;
  /** Milliseconds since the run began. */
  readonly now: () => number;
  /**
   * Starts the load, and returns when it started, in ms of the run's clock. Messages due earlier than `measuredFromMs`
   * after that are not timed.
   */
  readonly begin: (measuredFromMs: number) => Promise<number>;
  readonly emit: (event: LoadEvent) => void;
  /** Aborts when the load ends before its stages do: all its messages have arrived, or a threshold does not hold. */
  readonly over: AbortSignal;
  readonly signal: AbortSignal;
}

/** The workers of a load. */
export interface Workers {
  /** Appends to the schedules of all groups. Messages due before `measuredFromMs` of the run's clock are not timed. */
  extend(segments: readonly RateSegment[], measuredFromMs: number): void;
  /** Lets the clients of a closed loop send, or stops them. */
  run(running: boolean): void;
  /** Counts what is pending now. */
  left(): Promise<Left>;
}

/** What is pending: all of it, and the missing deliveries among it. */
export interface Left {
  readonly left: number;
  readonly missing: number;
}

/** The seconds of a load as they are recorded. */
export interface Seconds {
  /** The sums of the trial that is being measured. */
  trial: MetricSums | undefined;
  /** Ends the current second and records it. */
  cut(position: LoadPosition): Promise<void>;
}
