import assert from "node:assert/strict";
import type { RunEvent } from "../../run/event.ts";
import { MetricSums } from "../engine/metric_sums.ts";
import { profileOf } from "../plan/test_plan.ts";
import { runLoad, type RunningLoad } from "./running_load.ts";

const PROFILE = profileOf(`profile: test
title: Test
groups: [{ group: p, role: publish, clients: 1, publish: { topic: t, rate: 1 } }]
stages: [{ hold: 1s }]
thresholds: [sent == 1]
`);

/** Runs a load that does no more than `drive`. */
async function run(
  drive: (load: RunningLoad, abort: AbortController) => Promise<string | undefined> | string | undefined,
  preflight: () => void = () => {},
) {
  const events: RunEvent[] = [];
  const abort = new AbortController();
  const exit = await runLoad(
    {
      profile: PROFILE,
      seed: 5,
      version: "1.2.3",
      command: ["load", "test"],
      environment: { os: "test" },
      emit: (event) => events.push(event),
      seen: () => {},
      signal: abort.signal,
    },
    preflight,
    async (load) => await drive(load, abort),
  );
  return { exit, events, kinds: events.map(({ kind }) => kind) };
}

/** A load that starts, and ends with this many messages sent. */
function measured(sent: number) {
  return (load: RunningLoad) => {
    load.started({
      pauseMs: 0,
      workers: 1,
      clients: 1,
      brokers: ["mqtt://b"],
      layout: PROFILE.executor.layOut(1, 1),
      limits: {},
    });
    const total = new MetricSums();
    total.counts.sent = sent;
    total.counts.planned = sent;
    total.counts.unconfirmed = sent;
    load.ended(total);
    return undefined;
  };
}

Deno.test("a load begins with the event of its start, and ends with the exit status of what was measured", async () => {
  const { exit, events, kinds } = await run(measured(1));
  assert.deepEqual(kinds, ["run-started", "load-started", "load-ended", "run-ended"]);
  const [first, second] = events;
  assert.ok(first?.kind === "run-started" && second?.kind === "load-started");
  assert.deepEqual([first.what, first.seed, first.attest, first.command], ["load", 5, "1.2.3", [
    "load",
    "test",
  ]]);
  assert.deepEqual([second.executor, second.plannedMs, second.thresholds], ["arrival-rate", 1_000, [
    "sent == 1",
  ]]);
  assert.equal(exit, 0);
  assert.equal((await run(measured(2))).exit, 1, "the threshold does not hold");
});

Deno.test("a load that could not be done ends with 3 and the reason", async () => {
  const failures = [() => "No client could be connected", () => {
    throw new Error("No client could be connected");
  }];
  for (const drive of failures) {
    const { exit, events } = await run(drive);
    assert.equal(exit, 3);
    const last = events.at(-1);
    assert.ok(last?.kind === "run-ended");
    assert.deepEqual([last.reason, last.interrupted], ["No client could be connected", false]);
  }
});

Deno.test("an interrupted load ends with 130, whatever failed meanwhile", async () => {
  const { exit, events } = await run((_, abort) => {
    abort.abort();
    throw new Error("Interrupted");
  });
  assert.equal(exit, 130);
  const last = events.at(-1);
  assert.ok(last?.kind === "run-ended");
  assert.deepEqual([last.interrupted, last.reason], [true, undefined]);
});

Deno.test("a preflight that throws runs nothing", async () => {
  await assert.rejects(
    run(() => assert.fail(), () => {
      throw new RangeError("too much");
    }),
    /too much/,
  );
});

Deno.test("resources are released after the last event", async () => {
  const order: string[] = [];
  const { kinds } = await run((load) => {
    load.resources.defer(() => void order.push("released"));
    order.push("driven");
    return undefined;
  });
  assert.equal(kinds.at(-1), "run-ended");
  assert.deepEqual(order, ["driven", "released"]);
});
