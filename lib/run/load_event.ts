import type { Counts, Metric } from "./metrics.ts";

/**
 * `latency` stamps each message and reads immediately. `throughput` reads and writes less often than data
 * comes, which costs less, and reports no latency.
 */
export const LOAD_MODES = ["latency", "throughput"] as const;
/** One of {@link LOAD_MODES}. */
export type LoadMode = (typeof LOAD_MODES)[number];

/**
 * The kinds of broken promises and protocol errors. Each is counted by its counter `fault.<kind>`, or as
 * corrupted or unexpected.
 */
export const FAULT_KINDS = [
  "qos2-duplicate",
  "packet-id-reuse",
  "receive-maximum",
  "retain-flag",
  "protocol",
  "corrupted",
  "duplicated",
  "reordered",
  "unexpected",
] as const;
/** One of {@link FAULT_KINDS}. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A planned stage. Rates are for all groups together, in messages per second. */
export interface PlannedStage {
  /** How rate or clients change during the stage. */
  readonly kind: "ramp" | "hold" | "step" | "spike" | "wave" | "search";
  /** Its start, in milliseconds since the start of the load. */
  readonly startMs: number;
  /** Its end, in milliseconds since the start of the load. */
  readonly endMs: number;
  /** Messages per second at its start. */
  readonly fromRate: number;
  /** Messages per second at its end. */
  readonly toRate: number;
  /** Connected clients at its start. */
  readonly fromClients: number;
  /** Connected clients at its end. */
  readonly toClients: number;
}

/** The load starts: the plan, the generator and the brokers. */
export interface LoadStarted {
  /** The kind of this event. */
  readonly kind: "load-started";
  /** When it happened, in milliseconds since the start of the run. */
  readonly t: number;
  /** The profile that runs. */
  readonly profile: {
    readonly name: string;
    readonly title: string;
    readonly file: string;
    /** The complete text of the profile. */
    readonly text: string;
  };
  /** The name of the executor, such as `arrival-rate`, which determines when messages are sent. */
  readonly executor: string;
  /** How the generator reads and writes. */
  readonly mode: LoadMode;
  /** The interval between two reads in throughput mode in milliseconds; 0 in latency mode. */
  readonly pauseMs: number;
  /** The version of MQTT that the clients speak. */
  readonly protocol: string;
  /** The number of threads that play clients. */
  readonly workers: number;
  /** The number of clients in this shard. */
  readonly clients: number;
  /** The addresses of the brokers; clients are assigned to them in turn. */
  readonly brokers: readonly string[];
  /** How much of the start is excluded from the result, in milliseconds. */
  readonly warmUpMs: number;
  /** The planned duration of all stages together, in milliseconds. */
  readonly plannedMs: number;
  /** The stages in order. */
  readonly stages: readonly PlannedStage[];
  /** The conditions on the measurements, as written in the profile. */
  readonly thresholds: readonly string[];
  /** The number of this shard, counted from 1, and the number of shards. */
  readonly shard?: { readonly index: number; readonly of: number };
  /** The limits of the machine: descriptors, ports, CPU, kernel. */
  readonly limits: Readonly<Record<string, string>>;
}

/** What the generator used of its machine in one second. */
export interface Health {
  /** The cores that attest used. */
  readonly cpu: number;
  /** The resident memory of attest in bytes. */
  readonly memory: number;
  /** The cores that the broker used, if attest started it. */
  readonly brokerCpu?: number;
}

/** One second of the load: its counts and timings. */
export interface LoadSecond {
  /** The kind of this event. */
  readonly kind: "load-second";
  /** When it happened, in milliseconds since the start of the run. */
  readonly t: number;
  /** Counted from 0 since the start of the load. */
  readonly second: number;
  /** How long it lasted in milliseconds; the last one is usually shorter. */
  readonly lastedMs: number;
  /** The index of the stage at its end. */
  readonly stage: number;
  /**
   * Before the first planned message (`connect`), excluded from the result (`warm-up`), counted (`measure`),
   * or after the last message (`drain`).
   */
  readonly phase: "connect" | "warm-up" | "measure" | "drain";
  /** The number of open connections at its end. */
  readonly connected: number;
  /** The counts added in this second; a missing count is 0. */
  readonly counts: Counts;
  /** The connections that failed or were lost, by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** HDR histograms (V2, compressed, base64) of its timings, without messages planned for the warm-up. */
  readonly histograms: Partial<Readonly<Record<Metric, string>>>;
  /** What the generator used of its machine. */
  readonly health: Health;
}

/** Evidence of a protocol violation or a broken promise; the first ten of each kind are kept. */
export interface LoadFault {
  /** The kind of this event. */
  readonly kind: "load-fault";
  /** When it happened, in milliseconds since the start of the run. */
  readonly t: number;
  /** The kind of fault. */
  readonly fault: FaultKind;
  /** The client id. */
  readonly client: string;
  /** One sentence. */
  readonly text: string;
  /** The last packets of the connection, one line each; the last one is the packet in question. */
  readonly chart: readonly string[];
  /** The packet's bytes in hex, cut; `size` is their full number. */
  readonly hex: string;
  /** The number of bytes. */
  readonly size: number;
}

/** One rate that a search has tried. */
export interface LoadTrial {
  /** The kind of this event. */
  readonly kind: "load-trial";
  /** When it happened, in milliseconds since the start of the run. */
  readonly t: number;
  /** The planned messages per second. */
  readonly rate: number;
  /** How long it was tried, in milliseconds. */
  readonly lastedMs: number;
  /** The messages per second that were sent. */
  readonly sentRate: number;
  /** The messages per second that arrived. */
  readonly receivedRate: number;
  /** HDR histograms (V2, compressed, base64) of its timings. */
  readonly histograms: Partial<Readonly<Record<Metric, string>>>;
  /** What was counted. */
  readonly counts: Counts;
  /** The thresholds that did not hold; empty if the rate was sustained. */
  readonly missed: readonly string[];
  /** Why the generator could not reach this rate. */
  readonly generatorLimited?: string;
}

/** The load has ended, by itself or by the user's Ctrl-C. */
export interface LoadEnded {
  /** The kind of this event. */
  readonly kind: "load-ended";
  /** When it happened, in milliseconds since the start of the run. */
  readonly t: number;
  /** All counts, including the warm-up. */
  readonly counts: Counts;
  /** The counts of the measured seconds. */
  readonly measured: Counts;
  /** The total duration of the measured seconds, in milliseconds. */
  readonly measuredMs: number;
  /** The connections that failed or were lost, by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** The histograms of the whole run: the sums of those of its seconds. */
  readonly histograms: Partial<Readonly<Record<Metric, string>>>;
  /** Why the generator was the limit; then the measurements say nothing about the broker. */
  readonly generatorLimited?: string;
  /** Why it ended before its stages did, in a sentence. */
  readonly endedEarly?: string;
  /** What the broker counted itself meanwhile: differences of its `$SYS` counters. */
  readonly sys?: Readonly<Record<string, number>>;
}

/** A line of the journal about a load. */
export type LoadEvent = LoadStarted | LoadSecond | LoadFault | LoadTrial | LoadEnded;
