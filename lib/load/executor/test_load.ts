import type { LoadEvent } from "../../run/load_event.ts";
import type { Threshold } from "../../run/threshold.ts";
import { MetricSums } from "../engine/metric_sums.ts";
import type { RateSegment } from "../plan/rate_segment.ts";
import type { Left, LoadControl, LoadPosition, Seconds, Workers } from "./executor.ts";

/** What a {@link TestLoad} sends and receives at a rate, per second. */
export interface CarriedRate {
  readonly sent: number;
  readonly received: number;
}

/**
 * A load without workers, for an executor to drive. Its clock jumps ahead whenever it is read, so every wait ends at
 * once; what is sent and received in a second follows from the rate.
 */
export class TestLoad implements LoadControl, Workers, Seconds {
  readonly warmUpMs: number;
  readonly thresholds: readonly Threshold[];
  readonly fullRate = 100;
  readonly workers: Workers = this;
  readonly seconds: Seconds = this;
  readonly events: LoadEvent[] = [];
  readonly positions: LoadPosition[] = [];
  readonly calls: string[] = [];
  trial: MetricSums | undefined;
  readonly #abort = new AbortController();
  readonly #carried: (rate: number) => CarriedRate;
  #rate = 0;
  #nowMs = 0;

  constructor(
    options: {
      readonly warmUpMs?: number;
      readonly thresholds?: readonly Threshold[];
      /** What becomes of a rate; by default all of it is sent and received. */
      readonly carried?: (rate: number) => CarriedRate;
    } = {},
  ) {
    this.warmUpMs = options.warmUpMs ?? 0;
    this.thresholds = options.thresholds ?? [];
    this.#carried = options.carried ?? ((rate) => ({ sent: rate, received: rate }));
  }

  readonly over = new AbortController().signal;

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  readonly now = (): number => this.#nowMs += 20_000;

  readonly begin = (measuredFromMs: number): Promise<number> => {
    this.calls.push(`begin ${measuredFromMs}`);
    return Promise.resolve(this.now());
  };

  readonly emit = (event: LoadEvent): void => void this.events.push(event);

  extend([segment]: readonly RateSegment[]): void {
    this.#rate = (segment?.fromRate ?? 0) * this.fullRate;
    this.calls.push(`extend ${this.#rate}`);
  }

  run(running: boolean): void {
    this.calls.push(`run ${running}`);
  }

  left(): Promise<Left> {
    return Promise.resolve({ left: 0, missing: 0 });
  }

  cut(position: LoadPosition): Promise<void> {
    this.positions.push(position);
    if (this.trial && position.phase === "measure") {
      const { sent, received } = this.#carried(this.#rate);
      const second = new MetricSums();
      second.counts.sent = sent;
      second.counts.received = received;
      this.trial.addSecond(second, "measure", 1_000);
    }
    return Promise.resolve();
  }

  /** Ends the load as a user's Ctrl-C does. */
  abort(): void {
    this.#abort.abort();
  }
}
