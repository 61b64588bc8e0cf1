import assert from "node:assert/strict";
import { ArrivalSchedule } from "./arrival_schedule.ts";
import { layOut } from "./lay_out.ts";
import { clientsAt } from "./rate_segment.ts";

function moments(schedule: ArrivalSchedule): readonly number[] {
  return Array.from({ length: schedule.total }, (_, k) => schedule.dueAt(k));
}

Deno.test("a schedule with one rate has its messages at even distances", () => {
  const { segments } = layOut([{ kind: "hold", ms: 1_000, rate: 1, clients: 1 }], 10, 1);
  const due = moments(new ArrivalSchedule(10, segments));
  assert.deepEqual(due.map(Math.round), [50, 150, 250, 350, 450, 550, 650, 750, 850, 950]);
});

Deno.test("a ramp has half the messages of a hold, ever closer", () => {
  const { segments, planned } = layOut([{ kind: "ramp", ms: 10_000, rate: 1, clients: 1 }], 100, 4);
  const due = moments(new ArrivalSchedule(100, segments));
  assert.equal(due.length, 500);
  for (let k = 2; k < due.length; k++) {
    assert.ok((due[k] ?? 0) - (due[k - 1] ?? 0) < (due[k - 1] ?? 0) - (due[k - 2] ?? 0));
  }
  assert.deepEqual([planned[0]?.fromClients, planned[0]?.toClients], [0, 4]);
  assert.equal(clientsAt(segments, 5_000), 0.5);
});

Deno.test("steps, spikes and waves have as many messages as their areas", () => {
  const hold = { kind: "hold", ms: 1_000, rate: 1, clients: 1 } as const;
  const total = (stage: Parameters<typeof layOut>[0][number]) => {
    const { segments } = layOut([hold, stage], 1_000, 1);
    return new ArrivalSchedule(1_000, segments).total - 1_000;
  };
  assert.equal(total({ kind: "step", ms: 4_000, rate: 2, clients: 1, steps: 2 }), 1.5 * 2_000 + 2 * 2_000);
  assert.equal(total({ kind: "spike", ms: 1_000, rate: 3, clients: 1 }), 3_000);
  assert.ok(Math.abs(total({ kind: "wave", ms: 4_000, rate: 3, clients: 1, periodMs: 1_000 }) - 8_000) <= 1);
});

Deno.test("after a spike the rate is what it was before", () => {
  const { planned } = layOut(
    [
      { kind: "hold", ms: 1_000, rate: 0.5, clients: 1 },
      { kind: "spike", ms: 1_000, rate: 3, clients: 1 },
      { kind: "ramp", ms: 1_000, rate: 1, clients: 1 },
    ],
    100,
    1,
  );
  assert.deepEqual(planned.map(({ fromRate, toRate }) => [fromRate, toRate]), [[50, 50], [300, 300], [
    50,
    100,
  ]]);
});

Deno.test("a schedule answers in any order, and grows behind its end", () => {
  const { segments } = layOut(
    [{ kind: "hold", ms: 1_000, rate: 1, clients: 1 }, { kind: "ramp", ms: 1_000, rate: 0, clients: 1 }],
    10,
    1,
  );
  const schedule = new ArrivalSchedule(10, segments);
  const due = moments(schedule);
  assert.equal(due.length, 15);
  assert.ok(due.every((at, k) => k === 0 || at > (due[k - 1] ?? 0)));
  for (const k of [14, 0, 9, 10, 3]) assert.equal(schedule.dueAt(k), due[k]);
  assert.equal(schedule.dueAt(15), Infinity);
  schedule.add({ startMs: 3_000, endMs: 4_000, fromRate: 1, toRate: 1, fromClients: 1, toClients: 1 });
  assert.equal(Math.round(schedule.dueAt(15)), 3_050);
});
