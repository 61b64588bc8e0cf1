import type { ChartEntry } from "../run/event.ts";
import { Scope } from "../spec/scope.ts";
import { BrokenRules } from "./broken_rules.ts";
import type { CaseContext } from "./case_context.ts";
import { CaseTime, type CaseTimeOptions } from "./case_time.ts";
import { ChartRecorder } from "./chart_recorder.ts";

/** One case as a test runs it: its context and its chart. */
export class TestCase {
  readonly context: CaseContext;
  readonly chart: ChartEntry[] = [];
  readonly #stop = new AbortController();

  constructor(
    times: Partial<CaseTimeOptions> = {},
    more: Partial<Omit<CaseContext, "recorder" | "signal" | "time">> = {},
  ) {
    this.context = {
      id: "demo/one",
      seed: 1,
      protocol: "3.1.1",
      caseId: "1",
      topic: "attest/1",
      scope: new Scope().set("topic", "attest/1").set("case", "1"),
      broken: new BrokenRules([]),
      // Without a time limit: the test or its steps end it.
      time: new CaseTime({ limitMs: Infinity, withinMs: 5_000, ...times }),
      ...more,
      recorder: new ChartRecorder(
        (event) => {
          if (event.kind === "chart") this.chart.push(event);
        },
        () => 0,
        1,
      ),
      signal: this.#stop.signal,
    };
  }

  /** Ends the case, as its time limit does. */
  end(): void {
    this.#stop.abort();
  }

  /**
   * The chart, one entry per line: `c > PINGREQ`, `c < PINGRESP`, `c - connection opened`, with `(foreign)`
   * after packets that do not belong to the case.
   */
  get lines(): readonly string[] {
    const arrows = { sent: ">", received: "<", note: "-" } as const;
    return this.chart.map(({ lane, direction, text, foreign }) =>
      `${lane} ${arrows[direction]} ${text}${foreign ? " (foreign)" : ""}`
    );
  }
}
