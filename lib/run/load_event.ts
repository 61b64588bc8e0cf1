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
  /** How rate or clients change over the stage. */
  readonly kind: "ramp" | "hold" | "step" | "spike" | "wave" | "search";
  /** Milliseconds since the load began. */
  readonly startMs: number;
  /** Its end, in milliseconds since the load began. */
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

/** The load begins: what is to be done, by whom, on what. */
export interface LoadStarted {
  /** Says which event this is. */
  readonly kind: "load-started";
  /** When it happened, in milliseconds since the run began. */
  readonly t: number;
  /** The profile that is run. */
  readonly profile: {
    readonly name: string;
    readonly title: string;
    readonly file: string;
    /** The profile's whole text. */
    readonly text: string;
  };
  /** The name of the executor, such as `arrival-rate`: how its messages come about. */
  readonly executor: string;
  /** How the generator reads and writes. */
  readonly mode: LoadMode;
  /** Milliseconds between two readings in throughput mode; 0 in latency mode. */
  readonly pauseMs: number;
  /** The version of MQTT that the clients speak. */
  readonly protocol: string;
  /** Threads that play clients. */
  readonly workers: number;
  /** Clients of this shard. */
  readonly clients: number;
  /** The addresses of the brokers, over which clients are spread in turn. */
  readonly brokers: readonly string[];
  /** How long the start is left out of the result, in milliseconds. */
  readonly warmUpMs: number;
  /** How long all stages last together, in milliseconds. */
  readonly plannedMs: number;
  /** The stages, in their order. */
  readonly stages: readonly PlannedStage[];
  /** The conditions on what is measured, as the profile writes them. */
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
  /** Says which event this is. */
  readonly kind: "load-second";
  /** When it happened, in milliseconds since the run began. */
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
  /** What the generator used of its machine. */
  readonly health: Health;
}

/** Evidence of something that broke the protocol or a promise; the first ten of each kind are kept. */
export interface LoadFault {
  /** Says which event this is. */
  readonly kind: "load-fault";
  /** When it happened, in milliseconds since the run began. */
  readonly t: number;
  /** Which kind of fault it is. */
  readonly fault: FaultKind;
  /** The client id. */
  readonly client: string;
  /** One sentence. */
  readonly text: string;
  /** The last packets of the connection, one line each, the one in question last. */
  readonly chart: readonly string[];
  /** The packet's bytes in hex, cut; `size` is their true number. */
  readonly hex: string;
  /** The number of bytes. */
  readonly size: number;
}

/** One rate that a search has tried. */
export interface LoadTrial {
  /** Says which event this is. */
  readonly kind: "load-trial";
  /** When it happened, in milliseconds since the run began. */
  readonly t: number;
  /** Messages per second that were planned. */
  readonly rate: number;
  /** How long it was tried, in milliseconds. */
  readonly lastedMs: number;
  /** Messages per second that were sent. */
  readonly sentRate: number;
  /** Messages per second that came. */
  readonly receivedRate: number;
  /** HDR histograms (V2, compressed, base64) of what was timed. */
  readonly histograms: Partial<Readonly<Record<Metric, string>>>;
  /** What was counted. */
  readonly counts: Counts;
  /** The thresholds that did not hold; none when the rate was kept. */
  readonly missed: readonly string[];
  /** Why the generator could not make this rate. */
  readonly generatorLimited?: string;
}

/** The load has ended, by itself or by the user's Ctrl-C. */
export interface LoadEnded {
  /** Says which event this is. */
  readonly kind: "load-ended";
  /** When it happened, in milliseconds since the run began. */
  readonly t: number;
  /** Everything that was counted, warm-up and all. */
  readonly counts: Counts;
  /** What was counted in the seconds that were measured. */
  readonly measured: Counts;
  /** How long the measured seconds lasted together, in milliseconds. */
  readonly measuredMs: number;
  /** Connections that failed or were lost, by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** The histograms of the whole run, those of its seconds added up. */
  readonly histograms: Partial<Readonly<Record<Metric, string>>>;
  /** Why the generator was the limit; then nothing measured says anything of the broker. */
  readonly generatorLimited?: string;
  /** Why it ended before its stages did, in a sentence. */
  readonly endedEarly?: string;
  /** What the broker counted itself meanwhile: differences of its `$SYS` counters. */
  readonly sys?: Readonly<Record<string, number>>;
}

/** A line of the journal that tells of a load. */
export type LoadEvent = LoadStarted | LoadSecond | LoadFault | LoadTrial | LoadEnded;
