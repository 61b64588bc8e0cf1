import assert from "node:assert/strict";
import type { LoadEvent } from "../../run/load_event.ts";
import { counterAt, MetricRecorder } from "../engine/metric_recorder.ts";
import { MetricSums } from "../engine/metric_sums.ts";
import { SecondKeeper, type SecondSeen } from "./second_keeper.ts";

const SENT = counterAt("sent");

function bench() {
  const events: LoadEvent[] = [];
  const seen: SecondSeen[] = [];
  const recorders = [new MetricRecorder(), new MetricRecorder()];
  const clock = { nowMs: 0 };
  const take = () =>
    Promise.resolve(recorders.map((recorder, index) => ({ delta: recorder.take(), connected: index + 1 })));
  const keeper = new SecondKeeper(
    take,
    () => clock.nowMs,
    (event) => events.push(event),
    (one) => seen.push(one),
    [],
  );
  return { keeper, events, seen, recorders, clock };
}

Deno.test("a second contains what all workers have counted in it", async () => {
  const { keeper, events, seen, recorders, clock } = bench();
  for (const recorder of recorders) recorder.add(SENT, 5);
  clock.nowMs = 1_000;
  await keeper.cut({ phase: "warm-up", stage: 0 });
  recorders[0]?.add(SENT, 3);
  clock.nowMs = 2_500;
  await keeper.cut({ phase: "measure", stage: 1 });
  const seconds = events.filter((event) => event.kind === "load-second");
  assert.deepEqual(
    seconds.map(({ second, lastedMs, phase, stage, connected, counts }) => [
      second,
      lastedMs,
      phase,
      stage,
      connected,
      counts.sent,
    ]),
    [[0, 1_000, "warm-up", 0, 3, 10], [1, 1_500, "measure", 1, 3, 3]],
  );
  assert.deepEqual([keeper.total.counts.sent, keeper.total.measured.sent], [13, 3]);
  assert.equal(keeper.total.measuredMs, 1_500);
  assert.deepEqual(seen.map(({ tally }) => tally.counts.sent), [10, 3]);
});

Deno.test("a trial gets the seconds that are measured while it is set", async () => {
  const { keeper, recorders, clock } = bench();
  const trial = new MetricSums();
  const cut = async (phase: "warm-up" | "measure") => {
    recorders[0]?.add(SENT, 1);
    clock.nowMs += 1_000;
    await keeper.cut({ phase, stage: 0 });
  };
  await cut("measure");
  keeper.trial = trial;
  await cut("warm-up");
  await cut("measure");
  keeper.trial = undefined;
  await cut("measure");
  assert.deepEqual([trial.counts.sent, trial.measuredMs], [1, 1_000]);
});

Deno.test("end() records the last second, in which no client is connected any more", () => {
  const { keeper, events } = bench();
  const last = new MetricSums();
  last.counts.lost = 2;
  keeper.end(last);
  const [second] = events;
  assert.ok(second?.kind === "load-second");
  assert.deepEqual([second.phase, second.stage, second.connected, second.counts.lost], ["drain", -1, 0, 2]);
});
