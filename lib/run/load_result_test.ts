import assert from "node:assert/strict";
import { defined } from "../ground/defined.ts";
import { Histogram } from "./histogram.ts";
import type { LoadEnded, LoadEvent, LoadSecond, LoadStarted, LoadTrial } from "./load_event.ts";
import { foldLoad, loadHolds, unjudgedLoad } from "./load_result.ts";

function started(fields: Partial<LoadStarted> = {}): LoadStarted {
  return {
    kind: "load-started",
    t: 0,
    profile: { name: "x", title: "X", file: "x.yaml", text: "profile: x" },
    executor: "arrival-rate",
    mode: "latency",
    pauseMs: 0,
    protocol: "3.1.1",
    workers: 1,
    clients: 2,
    brokers: ["mqtt://127.0.0.1:1883"],
    warmUpMs: 0,
    plannedMs: 2000,
    stages: [],
    thresholds: ["latency.p99 < 95ms", "lost == 0", "received.rate >= 10"],
    limits: {},
    ...fields,
  };
}

/** A histogram of these values in microseconds, encoded. */
function timed(...values: readonly number[]): string {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram.encode();
}

const COUNTS = { planned: 20, sent: 20, unconfirmed: 20, due: 20, received: 20 };

function second(n: number, fields: Partial<LoadSecond> = {}): LoadSecond {
  return {
    kind: "load-second",
    t: (n + 1) * 1000,
    second: n,
    lastedMs: 1000,
    stage: 0,
    phase: "measure",
    connected: 2,
    counts: COUNTS,
    reasons: {},
    histograms: { latency: timed(1_000, 2_000) },
    health: { cpu: 0.5, memory: 1e6 },
    ...fields,
  };
}

function ended(fields: Partial<LoadEnded> = {}): LoadEnded {
  return {
    kind: "load-ended",
    t: 1000,
    counts: COUNTS,
    measured: COUNTS,
    measuredMs: 1000,
    reasons: {},
    histograms: { latency: timed(1_000, 2_000) },
    ...fields,
  };
}

function verdicts(events: readonly LoadEvent[]): readonly string[] {
  return foldLoad(events)?.thresholds.map(({ verdict, shown }) => `${verdict}: ${shown}`) ?? [];
}

Deno.test("foldLoad() returns nothing for a run that is not a load", () => {
  assert.equal(foldLoad([]), undefined);
});

Deno.test("foldLoad() judges thresholds by what was measured", () => {
  assert.deepEqual(verdicts([started(), second(0), ended()]), ["pass: 2 ms", "pass: 0", "pass: 20/s"]);
  const lost = { ...COUNTS, received: 15, lost: 5 };
  assert.deepEqual(
    verdicts([started(), second(0), ended({ counts: lost, measured: lost, measuredMs: 2000 })]),
    ["pass: 2 ms", "fail: 5", "fail: 7.5/s"],
  );
});

Deno.test("foldLoad() judges nothing by a load that was cut off, generator-limited, or that measured nothing", () => {
  assert.deepEqual(verdicts([started(), second(0)]), [
    "inconclusive: 2 ms, cut off",
    "inconclusive: 0, cut off",
    "inconclusive: 20/s, cut off",
  ]);
  const limited = foldLoad([started(), second(0), ended({ generatorLimited: "no core was free" })]);
  assert.deepEqual(limited?.thresholds.map(({ verdict }) => verdict), [
    "inconclusive",
    "inconclusive",
    "inconclusive",
  ]);
  assert.ok(limited && !loadHolds(limited));
  const empty = [started({ thresholds: ["puback.p99 < 1s", "bad"] }), second(0), ended()];
  assert.deepEqual(verdicts(empty), [
    "skip: nothing to judge",
    "inconclusive: this version cannot read the threshold",
  ]);
});

Deno.test("foldLoad() of a load that was cut off adds up its seconds, the warm-up only in the counts", () => {
  const result = foldLoad([started(), second(0, { phase: "warm-up" }), second(1, { reasons: { reset: 2 } })]);
  assert.equal(result?.counts.sent, 40);
  assert.equal(result?.measured.sent, 20);
  assert.equal(result?.measuredMs, 1000);
  assert.deepEqual(result?.reasons, { reset: 2 });
  assert.deepEqual(result?.promises, []);
});

Deno.test("foldLoad() names a promise that is broken and a sum that does not add up", () => {
  const counts = { ...COUNTS, sent: 19, "duplicated.promised": 3 };
  const result = foldLoad([started(), second(0), ended({ counts })]);
  assert.deepEqual(
    result?.promises.filter(({ verdict }) => verdict === "fail").map(({ name, broken }) => [name, broken]),
    [["no duplicate at QoS 0 and 2", 3], ["sent adds up", -1], ["planned adds up", 1]],
  );
  assert.ok(result && !loadHolds(result));
});

Deno.test("foldLoad() of a search judges the highest rate that kept the thresholds", () => {
  const trial = (rate: number, us: number, missed: readonly string[]): LoadTrial => ({
    kind: "load-trial",
    t: rate,
    rate,
    lastedMs: 1000,
    sentRate: rate,
    receivedRate: rate,
    histograms: { latency: timed(us) },
    counts: { received: rate },
    missed,
  });
  const search = [
    started({ executor: "search" }),
    second(0),
    trial(10, 5_000, []),
    trial(40, 200_000, ["latency.p99 < 95ms"]),
    trial(20, 9_000, []),
    ended(),
  ];
  assert.deepEqual(verdicts(search), ["pass: 9.007 ms", "pass: 0", "pass: 20/s"]);
  assert.equal(foldLoad(search)?.gauges["search.rate"], 20);
});

Deno.test("foldLoad() reads how memory grew off the second half of what was measured", () => {
  const seconds = Array.from(
    { length: 40 },
    (_, n) => second(n, { health: defined({ cpu: 0.25, memory: 1e6 + n * 1e3, brokerCpu: 1 }) }),
  );
  const { gauges } = foldLoad([started(), ...seconds, ended()]) ?? {};
  assert.equal(gauges?.cpu, 0.25);
  assert.equal(gauges?.["broker.cpu"], 1);
  // 1 KB each second is 3.6 MB each hour.
  assert.ok(Math.abs((gauges?.["memory.slope"] ?? 0) - 3.6) < 1e-9);
});

Deno.test("foldLoad() skips what nothing happened about, and a load that judged nothing does not hold", () => {
  const idle = { "connect.attempted": 2, "connect.succeeded": 2 };
  const events = (counts: LoadEnded["counts"], thresholds: readonly string[]) => [
    started({ thresholds: [...thresholds] }),
    second(0, { counts: {} }),
    ended({ counts, measured: {}, histograms: {} }),
  ];
  const held = foldLoad(events(idle, ["connect.failed == 0", "lost == 0"]));
  assert.deepEqual(held?.thresholds.map(({ verdict, shown }) => [verdict, shown]), [
    ["pass", "0"],
    ["skip", "nothing to judge"],
  ]);
  const kept = held?.promises.filter(({ verdict }) => verdict !== "skip").map(({ name }) => name);
  assert.deepEqual(kept, ["only what was subscribed", "protocol"]);
  assert.ok(held && !loadHolds(held));
  const quiet = foldLoad(events(idle, []));
  assert.ok(quiet && loadHolds(quiet) && unjudgedLoad(quiet) === undefined);
  const nobody = foldLoad(events({ "connect.attempted": 2, "connect.failed": 2 }, []));
  assert.ok(nobody && !loadHolds(nobody));
  assert.match(unjudgedLoad(nobody) ?? "", /^Nothing was judged/);
});
