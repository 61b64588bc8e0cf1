import assert from "node:assert/strict";
import { defined } from "../ground/defined.ts";
import type { RunEvent } from "./event.ts";
import { Histogram } from "./histogram.ts";
import { mergeShards } from "./merge.ts";
import { fold } from "./result.ts";

/** The latencies in microseconds of a whole run; each shard has every n-th of them. */
const VALUES = Array.from({ length: 4000 }, (_, n) => 100 + (n * 7919) % 90_000);

interface Made {
  readonly index?: number;
  readonly of?: number;
  /** Seconds before the stages begin. */
  readonly connecting?: number;
  readonly seed?: number;
  readonly text?: string;
  readonly ended?: boolean;
  readonly limited?: string;
}

/** The journal of a shard, or of the whole load without index and number. */
function journal(
  { index, of, connecting = 1, seed = 7, text = "profile: x", ended = true, limited }: Made,
): RunEvent[] {
  const own = VALUES.filter((_, n) => of === undefined || n % of === (index ?? 1) - 1);
  const whole = new Histogram();
  for (const value of own) whole.record(value);
  const counts = {
    planned: own.length,
    sent: own.length,
    unconfirmed: own.length,
    due: own.length,
    received: own.length,
  };
  const health = { cpu: 0.1, memory: 1e6 };
  const events: RunEvent[] = [
    {
      kind: "run-started",
      format: 1,
      attest: "0.1.0",
      what: "load",
      seed,
      startedAt: `2026-11-25T12:00:0${index ?? 0}.000Z`,
      command: [],
      environment: {},
      planned: 0,
    },
    {
      kind: "load-started",
      t: 0,
      profile: { name: "x", title: "X", file: "x.yaml", text },
      executor: "arrival-rate",
      mode: "latency",
      pauseMs: 0,
      protocol: "3.1.1",
      workers: 1,
      clients: 40,
      brokers: ["mqtt://127.0.0.1:1883"],
      warmUpMs: 0,
      plannedMs: 2000,
      stages: [],
      thresholds: ["latency.p99 < 95ms", "received >= 4000", "lost == 0"],
      limits: {},
      ...defined({ shard: of === undefined || index === undefined ? undefined : { index, of } }),
    },
  ];
  for (let second = 0; second < connecting; second++) {
    const empty = { counts: {}, reasons: {}, histograms: {}, health, connected: 0 };
    events.push({
      kind: "load-second",
      t: second,
      second,
      lastedMs: 1000,
      stage: -1,
      phase: "connect",
      ...empty,
    });
  }
  for (const half of [0, 1]) {
    const timed = new Histogram();
    const part = own.filter((_, n) => n % 2 === half);
    for (const value of part) timed.record(value);
    const second = connecting + half;
    events.push({
      kind: "load-second",
      t: second * 1000,
      second,
      lastedMs: 1000,
      stage: 0,
      phase: "measure",
      connected: 40 / (of ?? 1),
      counts: { sent: part.length, received: part.length },
      reasons: { "connection refused": 1 },
      histograms: { latency: timed.encode() },
      health,
    });
  }
  if (!ended) return events;
  return [
    ...events,
    {
      kind: "load-ended",
      t: 9000,
      counts,
      measured: counts,
      measuredMs: 2000,
      reasons: { "connection refused": 2 },
      histograms: { latency: whole.encode() },
      ...defined({ generatorLimited: limited }),
    },
    { kind: "run-ended", t: 9000, interrupted: false, exit: 1 },
  ];
}

function shards(of: number, made: (index: number) => Made = () => ({})) {
  return Array.from({ length: of }, (_, n) => ({
    name: `shard-${n + 1}`,
    events: journal({ index: n + 1, of, connecting: n + 1, ...made(n + 1) }),
  }));
}

function merged(journals: Parameters<typeof mergeShards>[0]) {
  const result = mergeShards(journals);
  assert.ok("events" in result, JSON.stringify(result));
  return { ...result, run: fold(result.events) };
}

function problems(journals: Parameters<typeof mergeShards>[0]): string {
  const result = mergeShards(journals);
  assert.ok("problems" in result);
  return result.problems.join("\n");
}

Deno.test("mergeShards() of four shards returns the counts and the exact histogram of the unsharded run", () => {
  const { run, apartMs } = merged(shards(4));
  const whole = fold(journal({}));
  assert.deepEqual(run.load?.counts, whole.load?.counts);
  assert.equal(run.load?.timings.latency?.hdr, whole.load?.timings.latency?.hdr);
  assert.deepEqual(run.load?.timings.latency, whole.load?.timings.latency);
  assert.equal(run.load?.clients, whole.load?.clients);
  assert.equal(apartMs, 3000);
});

Deno.test("mergeShards() judges thresholds on the sum, whatever they were for a single shard", () => {
  // No shard has 4,000 messages, so each has missed a threshold and ended with 1.
  const { run } = merged(shards(4));
  assert.deepEqual(run.load?.thresholds.map(({ verdict }) => verdict), ["pass", "pass", "pass"]);
  assert.equal(run.exit, 0);
  assert.equal(run.load?.shard, undefined);
});

Deno.test("mergeShards() lays seconds together by where the stages begin, however long each shard took to connect", () => {
  const { run } = merged(shards(4));
  const measured = run.load?.series.filter(({ phase }) => phase === "measure") ?? [];
  assert.deepEqual(measured.map(({ connected }) => connected), [40, 40]);
  assert.deepEqual(measured.map(({ counts }) => counts.sent), [2000, 2000]);
  assert.equal(run.load?.series.length, 6);
  assert.deepEqual(run.load?.reasons, { "connection refused": 8 });
});

Deno.test("mergeShards() says which shards are missing, and which are there twice", () => {
  const [first, second, , fourth] = shards(4);
  assert.ok(first && second && fourth);
  assert.match(problems([first, fourth]), /of 4 shards some are missing: 2, 3/);
  assert.match(
    problems([first, second, second]),
    /shard 2 occurs 2 times: "shard-2", "shard-2"\nof 4 .* missing: 3, 4/,
  );
});

Deno.test("mergeShards() refuses shards that do not belong together", () => {
  assert.match(problems(shards(2, (n) => ({ seed: n }))), /"shard-2" has another seed than "shard-1"/);
  assert.match(problems(shards(2, (n) => ({ text: `profile: ${n}` }))), /another profile/);
  const [a] = shards(2);
  const [, b] = shards(3);
  assert.ok(a && b);
  assert.match(problems([a, b]), /another number of shards/);
});

Deno.test("mergeShards() refuses journals that are not shards, or incomplete", () => {
  assert.match(
    problems([{ name: "whole", events: journal({}) }]),
    /"whole" is a whole load, not a shard of one/,
  );
  assert.match(problems([{ name: "none", events: [] }]), /"none" is not a journal of a load/);
  assert.match(problems(shards(2, (n) => ({ ended: n === 1 }))), /"shard-2" is incomplete/);
});

Deno.test("mergeShards() is generator-limited where a shard was, and says which", () => {
  const { run } = merged(shards(2, (n) => n === 2 ? { limited: "it was late" } : {}));
  assert.equal(run.load?.generatorLimited, "shard-2: it was late");
  assert.deepEqual(run.load?.thresholds.map(({ verdict }) => verdict), [
    "inconclusive",
    "inconclusive",
    "inconclusive",
  ]);
  assert.equal(run.exit, 1);
});

Deno.test("mergeShards() reports where a histogram is unreadable, in the seconds and at the end", () => {
  const [first, second] = shards(2);
  assert.ok(first && second);
  const events = second.events.map((event) =>
    event.kind === "load-ended" || (event.kind === "load-second" && event.second === 2)
      ? { ...event, histograms: { latency: "HISTFAAA" } }
      : event
  );
  assert.equal(
    problems([first, { ...second, events }]),
    '"shard-2" has an unreadable histogram of latency at second 2\n' +
      '"shard-2" has an unreadable histogram of latency at the end',
  );
});

Deno.test("mergeShards() refuses a number that no shard can have, and names the first of many that are missing", () => {
  const of = (index: number, of: number) =>
    shards(1).map((one) => ({
      ...one,
      events: one.events.map((event) =>
        event.kind === "load-started" ? { ...event, shard: { index, of } } : event
      ),
    }));
  const wrong = [[1, 3e14], [1, 4294967296], [1, 1.5], [0, 2], [3, 2], [-1, -1]] as const;
  for (const [index, all] of wrong) {
    assert.equal(
      problems(of(index, all)),
      `"shard-1" is shard ${index} of ${all}; expected at most 999999 shards`,
    );
  }
  assert.match(problems(of(1, 999_999)), /^of 999999 shards some are missing: 2, 3, .*, 21 and 999978 more$/);
});
