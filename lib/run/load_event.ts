import type { Counts, Metric } from "./metrics.ts";

/**
 * `latency` stamps each message and reads at once; `throughput` reads and writes less often than data comes, so that it
 * costs less, and reports no latency.
 */
export const LOAD_MODES = ["latency", "throughput"] as const;
/** One of {@link LOAD_MODES}. */
export type LoadMode = (typeof LOAD_MODES)[number];

/**
 * The kinds of broken promises and protocol errors; each is counted by its counter `fault.<kind>`, or as corrupted or
 * unexpected.
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

/** A stage as it was planned. Rates are those of all groups together, in messages per second. */
export interface PlannedStage {
  readonly kind: "ramp" | "hold" | "step" | "spike" | "wave" | "search";
  /** Milliseconds since the load began. */
  readonly startMs: number;
  readonly endMs: number;
  readonly fromRate: number;
  readonly toRate: number;
  readonly fromClients: number;
  readonly toClients: number;
}

/** The load begins: what is to be done, by whom, on what. */
export interface LoadStarted {
  readonly kind: "load-started";
  readonly t: number;
  readonly profile: {
    readonly name: string;
    readonly title: string;
    readonly file: string;
    /** The profile's whole text. */
    readonly text: string;
  };
  /** The name of the executor, such as `arrival-rate`: how its messages come about. */
  readonly executor: string;
  readonly mode: LoadMode;
  /** Milliseconds between two readings in throughput mode; 0 in latency mode. */
  readonly pauseMs: number;
  readonly protocol: string;
  readonly workers: number;
  /** Clients of this shard. */
  readonly clients: number;
  /** The addresses of the brokers, over which clients are spread in turn. */
  readonly brokers: readonly string[];
  readonly warmUpMs: number;
  readonly plannedMs: number;
  readonly stages: readonly PlannedStage[];
  readonly thresholds: readonly string[];
  /** This shard, counted from 1, of how many. */
  readonly shard?: { readonly index: number; readonly of: number };
  /** What bounds the machine: descriptors, ports, CPU, kernel. */
  readonly limits: Readonly<Record<string, string>>;
}

/** What the generator used of its machine in one second. */
export interface Health {
  /** Cores that attest used. */
  readonly cpu: number;
  /** Bytes that attest had resident. */
  readonly memory: number;
  /** Cores that the broker used, where attest started it. */
  readonly brokerCpu?: number;
}

/** One second of the load: what was counted and timed in it. */
export interface LoadSecond {
  readonly kind: "load-second";
  readonly t: number;
  /** Counted from 0 since the load began. */
  readonly second: number;
  /** How long it was, in milliseconds; the last one is mostly shorter. */
  readonly lastedMs: number;
  /** Index of the stage at its end. */
  readonly stage: number;
  /** Before the first planned message (`connect`), left out of the result (`warm-up`), counted (`measure`), or behind the last message (`drain`). */
  readonly phase: "connect" | "warm-up" | "measure" | "drain";
  /** Connections that were up at its end. */
  readonly connected: number;
  /** What was added in this second; what is missing is 0. */
  readonly counts: Counts;
  /** Connections that failed or were lost, by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** HDR histograms (V2, compressed, base64) of what was timed in it; messages that were due in the warm-up are not. */
  readonly histograms: Partial<Readonly<Record<Metric, string>>>;
  readonly health: Health;
}

/** Evidence of something that broke the protocol or a promise; the first ten of each kind are kept. */
export interface LoadFault {
  readonly kind: "load-fault";
  readonly t: number;
  readonly fault: FaultKind;
  /** The client id. */
  readonly client: string;
  /** One sentence. */
  readonly text: string;
  /** The last packets of the connection, one line each, the one in question last. */
  readonly chart: readonly string[];
  /** The packet's bytes in hex, cut; `size` is their true number. */
  readonly hex: string;
  readonly size: number;
}

/** One rate that a search has tried. */
export interface LoadTrial {
  readonly kind: "load-trial";
  readonly t: number;
  /** Messages per second that were planned. */
  readonly rate: number;
  readonly lastedMs: number;
  /** Messages per second that were sent and that came. */
  readonly sentRate: number;
  readonly receivedRate: number;
  readonly histograms: Partial<Readonly<Record<Metric, string>>>;
  readonly counts: Counts;
  /** The thresholds that did not hold; none when the rate was kept. */
  readonly missed: readonly string[];
  /** Why the generator could not make this rate. */
  readonly generatorLimited?: string;
}

/** The load has ended, by itself or by the user's Ctrl-C. */
export interface LoadEnded {
  readonly kind: "load-ended";
  readonly t: number;
  /** Everything that was counted, warm-up and all. */
  readonly counts: Counts;
  /** What was counted in the seconds that were measured, and how long these were in milliseconds. */
  readonly measured: Counts;
  readonly measuredMs: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** The histograms of the whole run, those of its seconds added up. */
  readonly histograms: Partial<Readonly<Record<Metric, string>>>;
  /** Why the generator was the limit; then nothing measured says anything of the broker. */
  readonly generatorLimited?: string;
  /** What the broker counted itself meanwhile: differences of its `$SYS` counters. */
  readonly sys?: Readonly<Record<string, number>>;
}

/** A line of the journal that tells of a load. */
export type LoadEvent = LoadStarted | LoadSecond | LoadFault | LoadTrial | LoadEnded;
