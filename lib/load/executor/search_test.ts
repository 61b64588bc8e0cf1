import assert from "node:assert/strict";
import type { BrokerBehaviour } from "../../broker/behaviour.ts";
import { Broker } from "../../broker/broker.ts";
import { loaded } from "../run/test_bench.ts";

/** A broker that carries so many messages per second and loses the rest. */
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

Deno.test("a search ends between the rate that a broker carries and the one that it does not", async () => {
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

Deno.test("a search halves what lies between a kept and a missed rate, down to its precision", async () => {
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
  // On a machine that has nothing else to do these are 10, 20, 40, 80, 60 and 50; on a busy one fewer are kept.
  assert.ok(result.trials.every(({ rate, missed }) => rate < 60 || missed.includes("sent.rate < 55")));
  assert.ok(best >= 10 && best < 60);
  assert.equal(result.gauges["search.rate"], best);
  assert.deepEqual(result.thresholds.map(({ verdict }) => verdict), ["pass"]);
});
