import type { LoadEvent, LoadSecond } from "../../run/load_event.ts";
import { cpuSecondsOf, ownCpuSeconds } from "./machine.ts";
import { MetricSums } from "../engine/metric_sums.ts";
import type { LoadPosition, Seconds } from "../executor/executor.ts";
import type { MetricDelta } from "../engine/metric_recorder.ts";

/** A second that has ended, for a live view. */
export interface SecondSeen {
  readonly second: LoadSecond;
  /** The sums of this second, and of the whole run so far. */
  readonly tally: MetricSums;
  readonly total: MetricSums;
}

/** The counts of one worker since the last request, and the number of its connections. */
export interface WorkerSecond {
  readonly delta: MetricDelta;
  readonly connected: number;
}

/** Collects the counts of the workers at the end of each second, records them, and adds them up. */
export class SecondKeeper implements Seconds {
  /** The sums of the whole run. */
  readonly total = new MetricSums();
  trial: MetricSums | undefined;
  readonly #take: () => Promise<readonly WorkerSecond[]>;
  readonly #now: () => number;
  readonly #emit: (event: LoadEvent) => void;
  readonly #seen: (seen: SecondSeen) => void;
  readonly #pids: readonly number[];
  #second = 0;
  #lastMs: number;
  #lastCpu = ownCpuSeconds();
  #lastBrokerCpu: number | undefined;

  constructor(
    take: () => Promise<readonly WorkerSecond[]>,
    now: () => number,
    emit: (event: LoadEvent) => void,
    seen: (seen: SecondSeen) => void,
    pids: readonly number[],
  ) {
    this.#take = take;
    this.#now = now;
    this.#emit = emit;
    this.#seen = seen;
    this.#pids = pids;
    this.#lastMs = now();
  }

  async cut(position: LoadPosition): Promise<void> {
    const [answers, brokerCpu] = await Promise.all([
      this.#take(),
      this.#brokerCpu(),
    ]);
    const tally = new MetricSums();
    for (const { delta } of answers) tally.add(delta);
    this.#write(tally, answers.reduce((sum, one) => sum + one.connected, 0), position, brokerCpu);
  }

  /** Records the last second: the counts of the workers when they ended. */
  end(tally: MetricSums): void {
    this.#write(tally, 0, { phase: "drain", stage: -1 }, undefined);
  }

  #write(tally: MetricSums, connected: number, position: LoadPosition, brokerCpu: number | undefined): void {
    const now = this.#now();
    const cpu = ownCpuSeconds();
    const lastedMs = Math.max(1, now - this.#lastMs);
    const seconds = lastedMs / 1000;
    const second: LoadSecond = {
      kind: "load-second",
      t: rounded(now),
      second: this.#second++,
      lastedMs: rounded(lastedMs),
      ...position,
      connected,
      counts: tally.counts,
      reasons: tally.reasons,
      histograms: tally.encoded(),
      health: {
        cpu: rounded((cpu - this.#lastCpu) / seconds),
        memory: Deno.memoryUsage().rss,
        ...(brokerCpu !== undefined && this.#lastBrokerCpu !== undefined
          ? { brokerCpu: rounded(Math.max(0, brokerCpu - this.#lastBrokerCpu) / seconds) }
          : {}),
      },
    };
    this.#lastMs = now;
    this.#lastCpu = cpu;
    this.#lastBrokerCpu = brokerCpu;
    this.total.addSecond(tally, position.phase, lastedMs);
    if (position.phase === "measure") this.trial?.addSecond(tally, "measure", lastedMs);
    this.#emit(second);
    this.#seen({ second, tally, total: this.total });
  }

  async #brokerCpu(): Promise<number | undefined> {
    if (this.#pids.length === 0) return undefined;
    const all = await Promise.all(this.#pids.map(cpuSecondsOf));
    return all.reduce<number | undefined>(
      (sum, one) => sum === undefined || one === undefined ? undefined : sum + one,
      0,
    );
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
