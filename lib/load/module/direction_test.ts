import assert from "node:assert/strict";
import type { QoS } from "../../mqtt/packet.ts";
import type { Counts } from "../../run/metrics.ts";
import { MetricRecorder } from "../engine/metric_recorder.ts";
import { MetricSums } from "../engine/metric_sums.ts";
import { Direction, type SentMessage } from "./direction.ts";

/** A direction whose clock is the test's. */
class Bench {
  readonly recorder = new MetricRecorder();
  readonly direction = new Direction(this.recorder, () => this.nowMs, 64, 1_000);
  nowMs = 0;

  /** Sends a message that has come due now. */
  send(qos: QoS): { readonly sent: SentMessage; readonly bytes: Uint8Array } {
    const { sent, payload } = this.direction.begin(this.nowMs, qos);
    this.direction.send(sent, true);
    return { sent, bytes: new TextEncoder().encode(payload) };
  }

  taken(): MetricSums {
    const sums = new MetricSums();
    sums.add(this.recorder.take());
    return sums;
  }

  counts(): Counts {
    return this.taken().counts;
  }
}

Deno.test("a message that arrives is counted and timed from its scheduled time", () => {
  const bench = new Bench();
  const { sent, payload } = bench.direction.begin(0, 1);
  bench.nowMs = 20;
  bench.direction.send(sent, true);
  bench.nowMs = 50;
  assert.equal(bench.direction.arrive(new TextEncoder().encode(payload), 1, false), undefined);
  bench.direction.confirm(sent, "acknowledged");
  bench.direction.confirm(sent, "failed");
  assert.equal(bench.direction.left, 0);
  const { counts, histograms } = bench.taken();
  assert.deepEqual(counts, { planned: 1, sent: 1, due: 1, received: 1, acknowledged: 1 });
  assert.equal(Math.round((histograms.get("latency")?.max ?? 0) / 1000), 50);
  assert.equal(Math.round((histograms.get("latency.actual")?.max ?? 0) / 1000), 30);
  assert.equal(Math.round((histograms.get("lateness")?.max ?? 0) / 1000), 20);
});

Deno.test("payloads have the requested size, and none of the characters that a command can't carry", () => {
  const { bytes } = new Bench().send(0);
  assert.equal(bytes.length, 64);
  assert.match(new TextDecoder().decode(bytes), /^[0-9a-z-]+$/);
});

Deno.test("what is wrong with an arrival is reported and counted", () => {
  const bench = new Bench();
  const { direction } = bench;
  const messages = [0, 1, 2].map(() => bench.send(2).bytes);
  const [first = new Uint8Array(), second = new Uint8Array(), third = new Uint8Array()] = messages;
  assert.equal(direction.arrive(third, 2, false), undefined);
  assert.equal(direction.arrive(first, 2, false), "reordered");
  assert.equal(direction.arrive(first, 2, false), "duplicated");
  assert.equal(direction.arrive(first, 2, true), "duplicated");
  assert.equal(direction.arrive(second, 1, false), "unexpected", "another QoS than it was sent with");
  const broken = second.slice();
  broken[40] = 65;
  assert.equal(direction.arrive(broken, 2, false), "corrupted");
  assert.equal(direction.arrive(new TextEncoder().encode("hello"), 2, false), "corrupted");
  const counts = bench.counts();
  assert.deepEqual(
    [counts.received, counts.reordered, counts.duplicated, counts["duplicated.promised"], counts.corrupted],
    [2, 1, 2, 1, 2],
  );
});

Deno.test("what has not arrived by the end is lost, and promised unless it was refused or cut", () => {
  const bench = new Bench();
  const { direction } = bench;
  bench.send(0);
  direction.confirm(bench.send(1).sent, "failed");
  bench.send(1);
  direction.cut();
  bench.send(2);
  assert.equal(direction.left, 4);
  direction.end();
  const counts = bench.counts();
  assert.deepEqual([counts.lost, counts["lost.promised"], counts.unconfirmed, counts.unanswered], [
    4,
    1,
    1,
    2,
  ]);
  assert.equal(direction.left, 0);
});

Deno.test("a message that is in transit for long is late, and one of the warm-up is not timed", () => {
  const bench = new Bench();
  bench.direction.measuredFromMs = 10;
  const { bytes } = bench.send(0);
  bench.nowMs = 2_000;
  bench.direction.arrive(bytes, 0, false);
  const { counts, histograms } = bench.taken();
  assert.equal(counts.late, 1);
  assert.equal(histograms.get("latency"), undefined);
});

Deno.test("only the last messages are tracked; an older one counts as lost", () => {
  const bench = new Bench();
  for (let n = 0; n < 4_100; n++) bench.send(1);
  assert.deepEqual([bench.counts().lost, bench.direction.left], [4, 4_096]);
});
