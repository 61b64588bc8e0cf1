import { targetLines } from "../../../reports/claims_text.ts";
import { visible } from "../../ground/text.ts";
import type { SecondSeen } from "../../load/run/second_keeper.ts";
import type { Profile } from "../../load/profile/profile.ts";
import { unmetBy } from "../../load/profile/unmet.ts";
import type { RunEvent } from "../../run/event.ts";
import type { Histogram } from "../../run/histogram.ts";
import { formatUs } from "../../run/threshold.ts";
import type { LivePart, Screen } from "./screen.ts";

/** How often a line is printed on a pipe, in milliseconds. */
const LINE_MS = 5_000;
/** How many seconds the sparkline shows. */
const SPARKS = 24;
const BARS = "▁▂▃▄▅▆▇█";
/** How many faults are printed as they occur; the reports have more. */
const MOST_FAULTS = 5;

/** Shows the progress of a load: a live line on a terminal, a line every few seconds on a pipe. */
export class LoadView implements Disposable {
  readonly #screen: Screen;
  readonly #profile: Profile;
  readonly #received: number[] = [];
  #plannedMs = 0;
  #lastLineMs = 0;
  #measuringMs = 0;
  #faults = 0;

  constructor(screen: Screen, profile: Profile) {
    this.#screen = screen;
    this.#profile = profile;
    screen.print(`Profile ${profile.name}: ${visible(profile.title)}`);
  }

  /** Shows an event of the run. */
  see(event: RunEvent): void {
    switch (event.kind) {
      case "run-started":
        this.#screen.print(`Seed ${event.seed}`);
        return;
      case "target-started": {
        for (const line of targetLines(event)) this.#screen.print(line);
        const unmet = unmetBy(this.#profile, event.claims ?? []);
        if (unmet.length > 0) {
          this.#screen.print(this.#screen.paint("doubt", `  The profile needs ${visible(unmet.join(", "))}`));
        }
        return;
      }
      case "load-started": {
        this.#plannedMs = event.plannedMs;
        const pause = event.pauseMs > 0 ? `, reading every ${event.pauseMs} ms` : "";
        this.#screen.print(
          `${event.clients} clients in ${event.workers} threads, ${event.executor}, mode ${event.mode}${pause}`,
        );
        return;
      }
      case "load-fault":
        if (this.#faults++ < MOST_FAULTS) {
          this.#screen.print(
            `${this.#screen.paint("bad", event.fault)}  ${visible(`${event.client}: ${event.text}`)}`,
          );
        }
        return;
      case "load-trial": {
        const held = event.missed.length === 0 && event.generatorLimited === undefined;
        const word = held ? this.#screen.paint("good", "kept") : this.#screen.paint("bad", "missed");
        const why = event.generatorLimited ?? event.missed.join(", ");
        this.#screen.print(
          visible(`${word}  ${Math.round(event.rate)}/s${why ? `  ${why}` : ""}`.replaceAll("\x1b", "")),
        );
        return;
      }
    }
  }

  /** Shows a second of the load. */
  second({ second, tally, total }: SecondSeen): void {
    const perSecond = (count: number | undefined) => Math.round((count ?? 0) / second.lastedMs * 1000);
    const received = perSecond(tally.counts.received);
    this.#received.push(received);
    if (this.#received.length > SPARKS) this.#received.shift();
    if (second.phase === "warm-up" || second.phase === "measure") this.#measuringMs += second.lastedMs;
    const left = Math.max(0, Math.ceil((this.#plannedMs - this.#measuringMs) / 1000));
    const errors = Object.values(total.reasons).reduce((sum, times) => sum + times, 0);
    const begin = [
      { text: `${second.connected} connected` },
      { text: `${perSecond(tally.counts.sent)}/s sent` },
      { text: `${received}/s received` },
    ];
    const last = tally.histograms.get("latency");
    const latency = [...latencyPart("last", last), ...latencyPart("run", total.histograms.get("latency"))];
    const end = [
      errors > 0 ? { text: `${errors} errors`, look: "bad" as const } : { text: "no error" },
      { text: second.phase === "connect" || second.phase === "drain" ? second.phase : `${left} s left` },
    ];
    const parts = [...begin, ...latency, ...end];
    if (this.#screen.live) {
      const short = last && last.total > 0 ? [{ text: `p99 ${formatUs(last.percentile(99))}` }] : [];
      const bars = { text: sparkline(this.#received), look: "faint" as const };
      // A narrow terminal loses latencies and bars before errors and the time that is left.
      this.#screen.draw(
        fitting(this.#screen.columns - 1, [
          [...parts, bars],
          parts,
          [...begin, ...latency.slice(0, 1), ...end],
          [...begin, ...short, ...end],
          [...begin, ...end],
          end,
        ]),
      );
    } else if (second.t - this.#lastLineMs >= LINE_MS || this.#lastLineMs === 0) {
      this.#lastLineMs = second.t;
      this.#screen.print(parts.map(({ text }) => text).join("  "));
    }
  }

  /** Says what the run waits for. */
  notice(text: string): void {
    this.end();
    this.#screen.print(this.#screen.paint("faint", text));
  }

  /** Removes the live line at the end of the load. */
  end(): void {
    this.#screen.draw([]);
  }

  [Symbol.dispose](): void {
    this.end();
  }
}

function latencyPart(name: string, latency: Histogram | undefined): readonly { readonly text: string }[] {
  if (!latency || latency.total === 0) return [];
  return [{
    text: `${name} p50 ${formatUs(latency.percentile(50))} p99 ${formatUs(latency.percentile(99))}`,
  }];
}

/** The first of several lines that fits the width; the last one if none does. */
function fitting(width: number, lines: readonly (readonly LivePart[])[]): readonly LivePart[] {
  const widthOf = (line: readonly LivePart[]) =>
    line.reduce((sum, { text }) => sum + [...text].length, 2 * Math.max(0, line.length - 1));
  return lines.find((line) => widthOf(line) <= width) ?? lines.at(-1) ?? [];
}

/** Draws numbers as bars; the largest has the full height. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(1, ...values);
  return values.map((value) => BARS[Math.min(BARS.length - 1, Math.floor(value / most * BARS.length))] ?? "")
    .join("");
}
