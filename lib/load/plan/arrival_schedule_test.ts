import assert from "node:assert/strict";
import fc from "fast-check";
import { ArrivalSchedule } from "./arrival_schedule.ts";
import type { RateSegment } from "./rate_segment.ts";

const CLIENTS = { fromClients: 1, toClients: 1 };

function segment(startMs: number, endMs: number, fromRate: number, toRate: number): RateSegment {
  return { startMs, endMs, fromRate, toRate, ...CLIENTS };
}

function moments(schedule: ArrivalSchedule): readonly number[] {
  return Array.from({ length: schedule.total }, (_, k) => schedule.dueAt(k));
}

Deno.test("a schedule with one rate has its messages at equal intervals", () => {
  const due = moments(new ArrivalSchedule(10, [segment(0, 1_000, 1, 1)]));
  assert.deepEqual(due.map(Math.round), [50, 150, 250, 350, 450, 550, 650, 750, 850, 950]);
});

Deno.test("a ramp from 0 has half the messages of a hold, at shrinking intervals", () => {
  const due = moments(new ArrivalSchedule(100, [segment(0, 10_000, 0, 1)]));
  assert.equal(due.length, 500);
  for (let k = 2; k < due.length; k++) {
    assert.ok((due[k] ?? 0) - (due[k - 1] ?? 0) < (due[k - 1] ?? 0) - (due[k - 2] ?? 0));
  }
});

Deno.test("a schedule answers in any order, and can be extended", () => {
  const schedule = new ArrivalSchedule(10, [segment(0, 1_000, 1, 1), segment(1_000, 2_000, 1, 0)]);
  const due = moments(schedule);
  assert.equal(due.length, 15);
  for (const k of [14, 0, 9, 10, 3]) assert.equal(schedule.dueAt(k), due[k]);
  assert.equal(schedule.dueAt(15), Infinity);
  schedule.add([segment(3_000, 4_000, 1, 1)]);
  assert.equal(Math.round(schedule.dueAt(15)), 3_050);
});

Deno.test("the times of any schedule increase, and lie within its segments", () => {
  const share = fc.double({ min: 0, max: 3, noNaN: true });
  const part = fc.record({ ms: fc.integer({ min: 1, max: 5_000 }), fromRate: share, toRate: share });
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 300 }),
      (parts, rate) => {
        let at = 0;
        const segments = parts.map(({ ms, fromRate, toRate }) => segment(at, at += ms, fromRate, toRate));
        let before = -Infinity;
        for (const due of moments(new ArrivalSchedule(rate, segments))) {
          assert.ok(due >= before && due >= 0 && due <= at, `${due} after ${before}`);
          before = due;
        }
      },
    ),
  );
});

Deno.test("jitter moves a message later, but not past the next one of its client, nor past the end", () => {
  const [clients, segments] = [4, [segment(0, 1_000, 0, 1), segment(1_000, 3_000, 1, 1)]];
  const even = moments(new ArrivalSchedule(40, segments));
  const jittered = new ArrivalSchedule(40, segments, { kind: "jitter", share: 1 }, clients, 7);
  const due = moments(jittered);
  assert.equal(due.length, even.length);
  assert.equal(jittered.ordered, false);
  assert.ok(due.some((at, k) => at > (even[k + 1] ?? Infinity)), "some overtake those of other clients");
  for (const [k, at] of due.entries()) {
    assert.ok(at >= (even[k] ?? 0) && at <= 3_000);
    assert.ok(at <= (due[k + clients] ?? Infinity), `message ${k} of its client in order`);
  }
  // Another extension moves nothing that was already laid out.
  jittered.add([segment(3_000, 4_000, 1, 1)]);
  assert.deepEqual(moments(jittered).slice(0, due.length), due);
});

Deno.test("Poisson arrivals are in order, as many as the rate says, and their intervals are exponentially distributed", () => {
  const schedule = new ArrivalSchedule(1_000, [segment(0, 10_000, 1, 1)], { kind: "poisson" }, 10, 7);
  const due = moments(schedule);
  assert.equal(due.length, 10_000);
  assert.deepEqual(due, due.toSorted((a, b) => a - b));
  const gaps = due.slice(1).map((at, k) => at - (due[k] ?? 0));
  const mean = gaps.reduce((sum, one) => sum + one, 0) / gaps.length;
  const variance = gaps.reduce((sum, one) => sum + (one - mean) ** 2, 0) / gaps.length;
  // The variance of an exponential distribution is its mean squared; that of even arrivals is 0.
  assert.ok(Math.abs(mean - 1) < 0.02 && Math.abs(variance - 1) < 0.1, `${mean} ${variance}`);
  assert.deepEqual([9_999, 3, 5_000].map((k) => schedule.dueAt(k)), [due[9_999], due[3], due[5_000]]);
  const other = new ArrivalSchedule(1_000, [segment(0, 10_000, 1, 1)], { kind: "poisson" }, 10, 8);
  assert.notEqual(other.dueAt(0), due[0]);
});
