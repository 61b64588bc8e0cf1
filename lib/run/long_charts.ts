import type { ChartEntry } from "./event.ts";

/** A chart is long from so many characters on, and of all long ones together so many are kept whole. */
const LONG = 8 * 1024;
const KEPT = 4 * 1024 * 1024;
/** Of a chart that is not kept whole, so many entries of each end are. */
const FIRST = 10;
const LAST = 20;
/** What an entry takes besides its texts, in characters. */
const ENTRY = 100;

/**
 * Bounds the memory that the charts of a run take: a target that floods every case makes each chart long, and the reports are made
 * of all of them at once. The journal has every entry.
 */
export class LongCharts {
  #characters = 0;

  /** Takes the chart of a case that has ended, and cuts it if the run has many long ones already. */
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
    // What a lane sends first says which version of MQTT all that follows is in.
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
