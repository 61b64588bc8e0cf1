import { type ChartRun, ERROR_COLUMNS } from "./chart_data.ts";

/** A panel over time: a chart with one axis. */
export interface Panel {
  readonly id: string;
  readonly title: string;
  /** The unit of its axis. */
  readonly unit: string;
  /** The columns that it draws, with the words of its legend; those of a run that has none of it are left out. */
  readonly columns: readonly (readonly [column: string, label: string])[];
  /** The columns that are drawn of each run where several lie over one another. */
  readonly chief: readonly string[];
}

/** The panels beside those of what was timed. */
const PANELS: readonly Panel[] = [
  {
    id: "rate",
    title: "Messages per second",
    unit: "messages/s",
    columns: [["planned", "planned"], ["sent", "sent"], ["acknowledged", "acknowledged"], [
      "received",
      "received",
    ]],
    chief: ["received"],
  },
  {
    id: "connections",
    title: "Connections",
    unit: "connections",
    columns: [["connected", "connected"]],
    chief: ["connected"],
  },
  {
    id: "attempts",
    title: "Connections begun and failed",
    unit: "per second",
    columns: [["attempted", "begun"], ["connect.failed", "failed"]],
    chief: ["attempted"],
  },
  {
    id: "errors",
    title: "Errors",
    unit: "per second",
    columns: ERROR_COLUMNS.map((name) => [name, name] as const),
    chief: ERROR_COLUMNS,
  },
  {
    id: "lateness",
    title: "How late the generator was",
    unit: "ms",
    columns: [["lateness.p99", "messages p99"], ["loop-lag.p99", "timers p99"]],
    chief: ["lateness.p99"],
  },
  {
    id: "cores",
    title: "Cores",
    unit: "cores",
    columns: [["cpu", "generator"], ["broker.cpu", "broker"]],
    chief: ["cpu"],
  },
  {
    id: "memory",
    title: "Memory of the generator",
    unit: "MB",
    columns: [["memory", "memory"]],
    chief: ["memory"],
  },
];

/** The panels in which some run has something to show. Where nobody has received anything, what was sent is the chief column. */
export function panelsOf(runs: readonly Pick<ChartRun, "columns">[]): readonly Panel[] {
  const has = (column: string) => runs.some(({ columns }) => columns[column] !== undefined);
  return PANELS.filter(({ columns }) => columns.some(([column]) => has(column)))
    .map((panel) => panel.id === "rate" && !has("received") ? { ...panel, chief: ["sent"] } : panel);
}
