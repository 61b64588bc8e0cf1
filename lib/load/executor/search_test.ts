import assert from "node:assert/strict";
import type { BrokerBehaviour } from "../../broker/behaviour.ts";
import { Broker } from "../../broker/broker.ts";
import type { LoadTrial } from "../../run/load_event.ts";
import { profileOf } from "../plan/test_plan.ts";
import { loaded } from "../run/test_bench.ts";
import { type CarriedRate, TestLoad } from "./test_load.ts";

/** A broker that carries this many messages per second and loses the rest. */
function carries(most: number): Partial<BrokerBehaviour> {
  let second = 0;
  let count = 0;
  return {
    deliveries(delivery) {
      const now = Math.floor(performance.now() / 100);
      if (now !== second) {
        second = now;
        count = 0;
      }
      return ++count > most / 10 ? [] : [delivery];
    },
  };
}

Deno.test("a search ends between a rate that the broker carries and one that it does not", async () => {
  await using broker = await Broker.start({ alter: carries(300) });
  const { result } = await loaded(
    `profile: find
title: Find
executor: search
drain: 500ms
groups:
  - { group: subs, role: subscribe, clients: 1, subscribe: [{ filter: t/$run/+ }] }
  - { group: pubs, role: publish, clients: 2, publish: { topic: t/$run/$client, rate: 100 } }
search: { from: 100, to: 2000, hold: 1s, settle: 200ms, precision: 40% }
thresholds: [received.share > 60%]
`,
    broker.address.port,
  );
  const { trials } = result;
  assert.deepEqual(trials[0]?.rate, 100);
  // 300 messages a second are less than 60 % of 800, and more than 60 % of 400.
  for (const { rate, missed } of trials) {
    if (rate >= 800) assert.ok(missed.includes("received.share > 60%"), `${rate}`);
    if (rate <= 400) assert.ok(!missed.includes("received.share > 60%"), `${rate}`);
  }
  assert.ok((result.gauges["search.rate"] ?? 0) < 800);
});

Deno.test("a search halves the interval between a kept and a missed rate, down to its precision", async () => {
  await using broker = await Broker.start();
  const { result } = await loaded(
    `profile: halve
title: Halve
executor: search
drain: 500ms
groups:
  - { group: pubs, role: publish, clients: 1, publish: { topic: t/$run/$client, qos: 1, rate: 10 } }
search: { from: 10, to: 2000, hold: 1s, settle: 200ms, precision: 20% }
thresholds: [sent.rate < 55]
`,
    broker.address.port,
  );
  const kept = result.trials.filter((one) => one.missed.length === 0 && one.generatorLimited === undefined);
  const best = Math.max(...kept.map(({ rate }) => rate));
  // On an idle machine these are 10, 20, 40, 80, 60 and 50; on a busy one fewer are kept.
  assert.ok(result.trials.every(({ rate, missed }) => rate < 60 || missed.includes("sent.rate < 55")));
  assert.ok(best >= 10 && best < 60);
  assert.equal(result.gauges["search.rate"], best);
  assert.deepEqual(result.thresholds.map(({ verdict }) => verdict), ["pass"]);
});

/**
 * Returns the rates that a search tries on a load that carries a limited rate; each with the thresholds that it missed.
 */
async function tried(
  settings: string,
  carried: (rate: number) => CarriedRate,
): Promise<readonly (readonly [rate: number, missed: number])[]> {
  const { executor, thresholds } = profileOf(
    `profile: test
title: Test
executor: search
groups: [{ group: p, role: publish, clients: 1, publish: { topic: t, rate: 100 } }]
search: { ${settings}, hold: 1s, settle: 0s }
thresholds: [received.share >= 100%]
`,
  );
  const load = new TestLoad({ thresholds, carried });
  await executor.drive(load);
  return load.events.filter((event): event is LoadTrial => event.kind === "load-trial")
    .map(({ rate, missed }) => [rate, missed.length]);
}

const upTo = (most: number) => (rate: number) => ({
  sent: Math.min(rate, most),
  received: Math.min(rate, most),
});

Deno.test("a rate that is not fully sent is missed, and the search halves the interval", async () => {
  assert.deepEqual(await tried("from: 10, to: 1000, precision: 20%", upTo(45)), [
    [10, 0],
    [20, 0],
    [40, 0],
    [80, 1],
    [60, 1],
    [50, 1],
  ]);
});

Deno.test("a search ends at its highest rate, and below its first one", async () => {
  assert.deepEqual(await tried("from: 10, to: 30", upTo(1_000)), [[10, 0], [20, 0], [30, 0]]);
  assert.deepEqual(await tried("from: 10, to: 30", upTo(1)), [[10, 1]]);
});

Deno.test("a search that is aborted tries nothing more", async () => {
  const { executor } = profileOf(
    `profile: test
title: Test
executor: search
groups: [{ group: p, role: publish, clients: 1, publish: { topic: t, rate: 100 } }]
search: { from: 1, to: 5 }
`,
  );
  const load = new TestLoad();
  load.abort();
  await executor.drive(load);
  assert.deepEqual([load.calls, load.events], [["begin Infinity"], []]);
});
