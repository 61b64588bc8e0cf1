import type { ChartEntry } from "./event.ts";

/**
 * The size in characters above which a chart is long, and the total size of long charts that are kept
 * complete.
 */
const LONG = 8 * 1024;
const KEPT = 4 * 1024 * 1024;
/** How many entries at each end of a shortened chart are kept. */
const FIRST = 10;
const LAST = 20;
/** The cost of an entry in addition to its texts, in characters. */
const ENTRY = 100;

/**
 * Limits the memory for the charts of a run: a target that floods every case makes each chart long, and
 * reports are made from all of them at once. The journal has every entry.
 */
export class LongCharts {
  #characters = 0;

  /** Adds the chart of a case that has ended, and shortens it if the run already has many long ones. */
  see(chart: ChartEntry[]): void {
    const characters = chart.reduce(
      (sum, { text, hex }) => sum + ENTRY + text.length + (hex?.length ?? 0),
      0,
    );
    if (characters < LONG) return;
    this.#characters += characters;
    const middle = chart.slice(FIRST, -LAST);
    const [from] = middle;
    if (this.#characters <= KEPT || !from) return;
    const begun = new Set(chart.slice(0, FIRST).filter(isSent).map(({ lane }) => lane));
    // The first packet of a lane determines the MQTT version of all later ones.
    const kept = middle.filter((entry) => {
      if (!isSent(entry) || begun.has(entry.lane)) return false;
      begun.add(entry.lane);
      return true;
    });
    const left = middle.length - kept.length;
    if (left === 0) return;
    const { kind, t, n, lane } = from;
    const text = `${left} further entries are in the journal only`;
    chart.splice(FIRST, middle.length, ...kept, { kind, t, n, lane, direction: "note", text });
  }
}

function isSent({ direction }: ChartEntry): boolean {
  return direction === "sent";
}
