import type { MeasuredBroker } from "./broker.ts";
import { connecting, type Figures, holding, latency, throughput } from "./measure.ts";
import type { Tool } from "./peers.ts";
import type { Work } from "./work.ts";

/** The goal of attest in a row, and how to judge a figure. */
export interface Goal {
  /** The text for the table, once the peers are measured. */
  readonly text: string;
  readonly reached: (attest: Figures) => boolean;
}

/** A row of the table. */
export interface BenchRow {
  /** The name for selecting it. */
  readonly name: string;
  readonly work: string;
  readonly unit: string;
  /** Whether more is better; default less. */
  readonly moreIsBetter?: boolean;
  /** Whether attest has a figure in its throughput mode here, or only in its latency mode. */
  readonly throughput: boolean;
  measure(tool: Tool, broker: MeasuredBroker, seconds: number): Promise<Figures | undefined>;
  /** Returns the figure to compare. */
  figure(figures: Figures): number | undefined;
  /** Formats the figure. */
  show(figures: Figures): string;
  /**
   * Returns the goal, derived from the result of C on libmosquitto in the same run; undefined if that is
   * needed and missing.
   */
  goal(libmosquitto: Figures | undefined): Goal | undefined;
}

/** The least share of the connections a second of C on libmosquitto, from the start of the process. */
const CONNECT_SHARE = 0.45;

function cpuRow(name: string, title: string, share: number, work: (seconds: number) => Work): BenchRow {
  return {
    name,
    work: title,
    unit: "CPU s per million messages",
    throughput: true,
    measure: (tool, broker, seconds) => throughput(tool, work(seconds), broker, seconds),
    figure: (figures) => figures.cpuPerMillion,
    show: (figures) => digits(figures.cpuPerMillion),
    goal(libmosquitto) {
      if (libmosquitto?.cpuPerMillion === undefined) return undefined;
      const most = share * libmosquitto.cpuPerMillion;
      return {
        text: `≤ ${digits(most)} (${share.toFixed(2)} × libmosquitto)`,
        reached: ({ cpuPerMillion }) => cpuPerMillion !== undefined && cpuPerMillion <= most,
      };
    },
  };
}

const flow = (qos: 0 | 1 | 2) => (seconds: number): Work => ({
  kind: "flow",
  pairs: 10,
  qos,
  window: 20,
  seconds,
});

/** How long the freeze rows stop the broker, in ms. */
const FREEZE_MS = 1_000;

function freezeRow(window: number): BenchRow {
  const work = { kind: "rate", pairs: 10, rate: 1000, qos: 1, window, seconds: 20 } as const;
  return {
    name: `freeze-${window}`,
    work: `broker stopped for 1 s at 1,000 msg/s, QoS 1, window ${window}`,
    unit: "p99 in ms as reported (true value)",
    throughput: false,
    measure: (tool, broker) => latency(tool, work, broker, FREEZE_MS),
    figure: (figures) => figures.p99,
    show: ({ p99 = NaN, trueP99 = NaN }) => `${p99.toFixed(1)} (${trueP99.toFixed(0)})`,
    goal: () => ({
      text: "750 to 850",
      reached: ({ p99 }) => p99 !== undefined && p99 >= 750 && p99 <= 850,
    }),
  };
}

export const ROWS: readonly BenchRow[] = [
  cpuRow(
    "publish",
    "publish only, QoS 0, 100 clients",
    0.1,
    (seconds) => ({ kind: "publish", clients: 100, seconds }),
  ),
  cpuRow("flow-0", "10 publishers to 10 subscribers 1:1, QoS 0", 0.35, flow(0)),
  cpuRow("flow-1", "the same, QoS 1, window 20", 0.35, flow(1)),
  cpuRow("flow-2", "the same, QoS 2, window 20", 0.35, flow(2)),
  {
    name: "connect",
    work: "connect 5,000 clients",
    unit: "per second from start",
    moreIsBetter: true,
    throughput: false,
    measure: (tool, broker) => connecting(tool, 5_000, broker),
    figure: (figures) => figures.connectsPerSecond,
    show: (figures) => whole(figures.connectsPerSecond),
    goal(libmosquitto) {
      if (libmosquitto?.connectsPerSecond === undefined) return undefined;
      const least = CONNECT_SHARE * libmosquitto.connectsPerSecond;
      return {
        text: `≥ ${Math.round(least).toLocaleString("en")}`,
        reached: ({ connectsPerSecond }) => connectsPerSecond !== undefined && connectsPerSecond >= least,
      };
    },
  },
  {
    name: "memory",
    work: "memory per idle connection, 15,000 held",
    unit: "KB",
    throughput: false,
    measure: (tool, broker) => holding(tool, [1_000, 15_000], broker),
    figure: (figures) => figures.bytesPerConnection,
    show: ({ bytesPerConnection }) =>
      bytesPerConnection === undefined ? "–" : digits(bytesPerConnection / 1024),
    goal: () => ({
      text: "≤ 9",
      reached: ({ bytesPerConnection }) => bytesPerConnection !== undefined && bytesPerConnection <= 9 * 1024,
    }),
  },
  {
    name: "latency",
    work: "1,000 msg/s for 20 s, QoS 0",
    unit: "p99 in ms from the planned moment, cores used",
    throughput: false,
    measure: (tool, broker) =>
      latency(tool, { kind: "rate", pairs: 10, rate: 1000, qos: 0, window: 20, seconds: 20 }, broker),
    figure: (figures) => figures.p99,
    show: ({ p99, cores }) => `${digits(p99)}, ${digits(cores)}`,
    goal: () => ({
      text: "≤ 0.5, ≤ 0.15",
      reached: ({ p99, cores }) => p99 !== undefined && cores !== undefined && p99 <= 0.5 && cores <= 0.15,
    }),
  },
  freezeRow(1),
  freezeRow(20),
];

/** Formats two significant digits of a small number, or one decimal of a larger one. */
function digits(value: number | undefined): string {
  if (value === undefined) return "–";
  return Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(1);
}

function whole(value: number | undefined): string {
  return value === undefined ? "–" : Math.round(value).toLocaleString("en");
}
