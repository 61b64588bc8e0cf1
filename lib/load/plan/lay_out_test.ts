import assert from "node:assert/strict";
import type { Stage } from "../profile/stage.ts";
import { layOut } from "./lay_out.ts";
import { clientsAt, type RateSegment } from "./rate_segment.ts";

const HOLD: Stage = { kind: "hold", ms: 1_000, rate: 1, clients: 1 };

/** The mean share of the rate in a stage that follows a hold, times its length in seconds. */
function area(stage: Stage): number {
  const { segments } = layOut([HOLD, stage], 1_000, 1);
  const of = ({ startMs, endMs, fromRate, toRate }: RateSegment) =>
    (fromRate + toRate) / 2 * (endMs - startMs);
  return segments.slice(1).reduce((sum, segment) => sum + of(segment), 0) / 1_000;
}

Deno.test("stages follow each other without gaps", () => {
  const stages: readonly Stage[] = [
    HOLD,
    { kind: "step", ms: 3_000, rate: 2, steps: 4 },
    { kind: "wave", ms: 5_000, rate: 3, periodMs: 700 },
    { kind: "ramp", ms: 10, rate: 0 },
  ];
  const { segments, planned } = layOut(stages, 10, 1);
  let at = 0;
  for (const { startMs, endMs } of segments) {
    assert.ok(Math.abs(startMs - at) < 1e-9 && endMs > startMs, `${startMs} after ${at}`);
    at = endMs;
  }
  assert.deepEqual(planned.map(({ startMs, endMs }) => [startMs, endMs]), [[0, 1_000], [1_000, 4_000], [
    4_000,
    9_000,
  ], [9_000, 9_010]]);
});

Deno.test("the areas of ramps, steps, spikes and waves match their shapes", () => {
  const near = (actual: number, expected: number) =>
    assert.ok(Math.abs(actual - expected) < 0.01, `${actual}`);
  near(area({ kind: "ramp", ms: 4_000, rate: 2 }), 6);
  near(area({ kind: "step", ms: 4_000, rate: 2, steps: 2 }), 1.5 * 2 + 2 * 2);
  near(area({ kind: "spike", ms: 1_000, rate: 3 }), 3);
  near(area({ kind: "wave", ms: 4_000, rate: 3, periodMs: 1_000 }), 8);
});

Deno.test("after a spike the rate is what it was before", () => {
  const { planned } = layOut(
    [
      { kind: "hold", ms: 1_000, rate: 0.5 },
      { kind: "spike", ms: 1_000, rate: 3 },
      { kind: "ramp", ms: 1_000, rate: 1 },
    ],
    100,
    1,
  );
  assert.deepEqual(planned.map(({ fromRate, toRate }) => [fromRate, toRate]), [[50, 50], [300, 300], [
    50,
    100,
  ]]);
});

Deno.test("clients ramp up from none, and their number stays the same where a stage does not set it", () => {
  const { segments, planned } = layOut(
    [
      { kind: "ramp", ms: 10_000, rate: 1, clients: 1 },
      { kind: "hold", ms: 1_000, rate: 1 },
      { kind: "hold", ms: 1_000, rate: 1, clients: 0.25 },
    ],
    100,
    4,
  );
  assert.deepEqual(planned.map(({ fromClients, toClients }) => [fromClients, toClients]), [[0, 4], [4, 4], [
    1,
    1,
  ]]);
  assert.deepEqual([0, 5_000, 10_500, 12_000].map((ms) => clientsAt(segments, ms)), [0, 0.5, 1, 0.25]);
  assert.equal(clientsAt([], 5), 1);
});

Deno.test("a long load of short waves has a bounded number of segments", () => {
  const { segments } = layOut([{ kind: "wave", ms: 86_400_000, rate: 1, periodMs: 100 }], 1, 1);
  assert.equal(segments.length, 20_000);
});
