import { caseName } from "../../../reports/case_name.ts";
import { targetLines } from "../../../reports/claims_text.ts";
import { visible } from "../../ground/text.ts";
import type { CaseStarted, RunEvent, TimeEstimated } from "../../run/event.ts";
import { type Standing, standingOf } from "../../run/standing.ts";
import type { Screen } from "./screen.ts";

/** Milliseconds between two drawings of the live line. */
const REDRAW_MS = 100;

/** Shows the progress of a run: one live line on a terminal, a line for each case that did not pass on a pipe. */
export class Progress implements Disposable {
  readonly #screen: Screen;
  readonly #cases = new Map<number, CaseStarted>();
  readonly #counts = new Map<Standing, number>();
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  #planned = 0;
  #lastsMs: number | undefined;
  #targetSince = 0;
  #done = 0;
  #t = 0;
  #target = "";

  constructor(screen: Screen) {
    this.#screen = screen;
    if (screen.live) this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
  }

  /** Shows an event of the run. */
  see(event: RunEvent): void {
    if ("t" in event) this.#t = event.t;
    switch (event.kind) {
      case "run-started":
        this.#planned = event.planned;
        this.#lastsMs = event.lastsMs;
        this.#say(
          `Seed ${event.seed}, ${event.planned} case runs${
            event.lastsMs === undefined ? "" : ` per round, for ${event.lastsMs / 1000} s on each target`
          }${event.announces === undefined ? "" : `; clients announce ${event.announces}`}`,
        );
        return;
      case "target-started":
        this.#target = event.name;
        this.#targetSince = event.t;
        for (const line of targetLines(event)) this.#say(line);
        return;
      case "estimate":
        this.#say(estimateLine(event));
        return;
      case "case-started":
        this.#cases.set(event.n, event);
        return;
      case "case-ended": {
        if (event.unconfirmed) return void this.#cases.delete(event.n);
        this.#done++;
        const standing = standingOf(event.verdict, event.expected);
        this.#counts.set(standing, (this.#counts.get(standing) ?? 0) + 1);
        const started = this.#cases.get(event.n);
        this.#cases.delete(event.n);
        if (
          started &&
          (standing === "fail" || standing === "error" || standing === "inconclusive" ||
            standing === "unexpected-pass")
        ) {
          const word = this.#screen.paint(
            standing === "inconclusive" ? "doubt" : "bad",
            standing.replace("-", " "),
          );
          this.#say(`${word}  ${visible(`${caseName(started)}  ${event.reason ?? ""}`)}`.trimEnd());
        }
        return;
      }
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#screen.draw([]);
  }

  #say(line: string): void {
    this.#screen.print(line);
  }

  /** Seconds until the end of the run, or, with a set duration, until the end on the current target. */
  #left(rate: number): number | undefined {
    if (this.#lastsMs !== undefined) {
      return Math.max(0, Math.ceil((this.#targetSince + this.#lastsMs - this.#t) / 1000));
    }
    return rate > 0 ? Math.ceil((this.#planned - this.#done) / rate) : undefined;
  }

  #draw(): void {
    if (this.#done === 0 && this.#planned === 0) return;
    const failed = (this.#counts.get("fail") ?? 0) + (this.#counts.get("error") ?? 0) +
      (this.#counts.get("inconclusive") ?? 0);
    const rate = this.#t > 0 ? this.#done / this.#t * 1000 : 0;
    const left = this.#left(rate);
    this.#screen.draw([
      { text: this.#lastsMs === undefined ? `${this.#done}/${this.#planned}` : `${this.#done} case runs` },
      failed > 0 ? { text: `${failed} not passed`, look: "bad" } : { text: "all passed so far" },
      { text: `${rate.toFixed(0)}/s` },
      ...(left === undefined ? [] : [{ text: `${left} s left` }]),
      { text: this.#target, look: "faint" },
    ]);
  }
}

/** `About 8 minutes for 120 case runs on lab-module, at a round trip of 1.5 s`. */
export function estimateLine({ target, cases, roundTripMs, durationMs }: TimeEstimated): string {
  const minutes = Math.ceil(durationMs / 60_000);
  const time = durationMs < 60_000 ? "Less than a minute" : `About ${minutes} minutes`;
  const trip = roundTripMs < 1_000
    ? `${Math.round(roundTripMs)} ms`
    : `${(roundTripMs / 1_000).toFixed(1)} s`;
  return `${time} for ${cases} case ${cases === 1 ? "run" : "runs"} on ${
    visible(target)
  }, at a round trip of ${trip}`;
}
