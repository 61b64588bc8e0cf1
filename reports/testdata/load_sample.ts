import { defined } from "../../lib/ground/defined.ts";
import { seededRandom } from "../../lib/ground/seeded_random.ts";
import type { RunEvent } from "../../lib/run/event.ts";
import { Histogram } from "../../lib/run/histogram.ts";
import type { LoadRun } from "../load/load_run.ts";
import { addCounts, type Counts } from "../../lib/run/metrics.ts";
import { fold } from "../../lib/run/result.ts";

/** What a made-up load has that others have not. */
export interface LoadSample {
  readonly seconds: number;
  readonly seed?: number;
  /** Milliseconds by which each message takes longer than in other samples. */
  readonly slower?: number;
  /** A text that stands wherever a broker or a profile can put one. */
  readonly text?: string;
  readonly ended?: boolean;
  readonly generatorLimited?: string;
  /** Rates that a search has tried before. */
  readonly tried?: readonly number[];
}

const RATE = 1000;

/** The journal of a load of 1,000 messages a second: a ramp, a second in which the broker stood still, ten lost connections. */
export function loadEvents(sample: LoadSample): readonly RunEvent[] {
  const random = seededRandom(sample.seed ?? 1);
  const text = sample.text ?? 'broker said "no"';
  const whole = { latency: new Histogram(), puback: new Histogram(), connect: new Histogram() };
  const counts: Counts = {};
  const events: RunEvent[] = [
    {
      kind: "run-started",
      format: 1,
      attest: "0.1.0",
      what: "load",
      seed: sample.seed ?? 1,
      startedAt: "2026-11-25T12:00:00.000Z",
      command: ["attest", "load", "sample"],
      environment: { deno: "2.9.6", cpu: text },
      planned: 0,
    },
    {
      kind: "load-started",
      t: 0,
      profile: {
        name: "sample",
        title: text,
        file: "suites/load/sample.yaml",
        text: `profile: sample\ntitle: ${text}\n`,
      },
      executor: "arrival-rate",
      mode: "latency",
      pauseMs: 0,
      protocol: "3.1.1",
      workers: 2,
      clients: 100,
      brokers: ["mqtt://127.0.0.1:1883"],
      warmUpMs: 1000,
      plannedMs: sample.seconds * 1000,
      stages: [],
      thresholds: ["latency.p99 < 250ms", "lost == 0", "latency.p50 < 1us"],
      limits: { descriptors: "20000" },
    },
  ];
  for (let second = 0; second < sample.seconds; second++) {
    const measured = second > 0;
    const rate = Math.round(RATE * Math.min(1, (second + 1) / 5));
    const stands = second === Math.floor(sample.seconds / 2);
    const latency = new Histogram();
    const puback = new Histogram();
    for (let n = 0; n < 100; n++) {
      const us = 200 + 300 * random() ** 3 + (random() < 0.01 ? 5000 * random() : 0) +
        (sample.slower ?? 0) * 1000;
      latency.record(us + (stands ? 10_000 * n : 0), rate / 100);
      puback.record(us / 2, rate / 100);
    }
    const connect = new Histogram();
    if (second === 0) connect.record(800, 100);
    const added: Counts = { planned: rate, sent: rate, acknowledged: rate, due: rate, received: rate };
    if (stands) Object.assign(added, { "connect.failed": 3, "connect.attempted": 13, disconnected: 10 });
    addCounts(counts, added);
    if (measured) whole.latency.add(latency);
    if (measured) whole.puback.add(puback);
    whole.connect.add(connect);
    events.push({
      kind: "load-second",
      t: (second + 1) * 1000,
      second,
      lastedMs: 1000,
      stage: 0,
      phase: measured ? "measure" : "warm-up",
      connected: stands ? 90 : 100,
      counts: added,
      reasons: stands ? { [text]: 10 } : {},
      histograms: defined({
        latency: measured ? latency.encode() : undefined,
        puback: measured ? puback.encode() : undefined,
        lateness: measured ? puback.encode() : undefined,
        connect: second === 0 ? connect.encode() : undefined,
      }),
      health: { cpu: 0.1 + 0.02 * random(), memory: 80e6 + 1e5 * random(), brokerCpu: 0.2 },
    });
  }
  for (const rate of sample.tried ?? []) {
    const latency = new Histogram();
    for (let n = 0; n < 100; n++) latency.record(rate + 10 * n);
    const missed = rate > 2000 ? ["latency.p99 < 3ms"] : [];
    const trial = { rate, lastedMs: 5000, sentRate: rate, receivedRate: rate, counts: {}, missed };
    events.push({ kind: "load-trial", t: 1000, ...trial, histograms: { latency: latency.encode() } });
  }
  events.push({
    kind: "load-fault",
    t: 1500,
    fault: "protocol",
    client: text,
    text,
    chart: ["-> PUBLISH q1 id=7", `<- ${text}`],
    hex: "4002",
    size: 4,
  });
  if (sample.ended === false) return events;
  events.push({
    kind: "load-ended",
    t: sample.seconds * 1000,
    counts,
    measured: counts,
    measuredMs: sample.seconds * 1000,
    reasons: { [text]: 10 },
    histograms: {
      latency: whole.latency.encode(),
      puback: whole.puback.encode(),
      connect: whole.connect.encode(),
    },
    ...defined({ generatorLimited: sample.generatorLimited }),
    sys: { "messages/received": counts.sent ?? 0 },
  }, { kind: "run-ended", t: sample.seconds * 1000, interrupted: false, exit: 1 });
  return events;
}

/** The same, folded. */
export function loadSample(sample: LoadSample): LoadRun {
  const result = fold(loadEvents(sample));
  if (!result.load) throw new Error("The sample has no load");
  return { ...result, load: result.load };
}
