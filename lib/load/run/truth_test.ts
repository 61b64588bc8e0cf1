import assert from "node:assert/strict";
import type { BrokerBehaviour } from "../../broker/behaviour.ts";
import { Broker } from "../../broker/broker.ts";
import type { Delivery } from "../../broker/message.ts";
import { loaded, pairProfile } from "./test_bench.ts";

/** A broker that changes every nth delivery. */
function everyNth(n: number, change: (delivery: Delivery) => readonly Delivery[]): Partial<BrokerBehaviour> {
  let count = 0;
  return { deliveries: (delivery) => ++count % n === 0 ? change(delivery) : [delivery] };
}

/** 20,000 messages. */
const MANY = { rate: 5_000, seconds: 4 };

Deno.test("a correct broker breaks no promise, and all sums add up", async () => {
  await using broker = await Broker.start();
  const { exit, result } = await loaded(
    pairProfile({ more: "thresholds: [lost == 0, latency.p99 < 1m]" }),
    broker.address.port,
  );
  assert.equal(result.counts.planned, 2_000);
  assert.equal(result.counts.acknowledged, 2_000);
  assert.equal(result.counts.received, 2_000);
  assert.equal(result.timings.latency?.count, 2_000);
  assert.deepEqual(result.promises.filter(({ verdict }) => verdict === "fail"), []);
  assert.deepEqual(result.faults, []);
  // A machine that is too busy to send in time makes the result inconclusive, and never wrong.
  assert.equal(exit, result.generatorLimited === undefined ? 0 : 1);
});

Deno.test("a broker that drops one message in 10,000 is reported with the exact count", async () => {
  await using broker = await Broker.start({ alter: everyNth(10_000, () => []) });
  const { exit, result } = await loaded(pairProfile(MANY), broker.address.port);
  assert.equal(result.counts.lost, 2);
  assert.equal(result.counts["lost.promised"], 2);
  assert.equal(result.counts.due, 20_000);
  assert.equal(result.counts.received, 19_998);
  assert.equal(exit, 1);
});

Deno.test("a broker that doubles one message in 10,000 is reported with the exact count", async () => {
  for (const [qos, promised] of [[0, 2], [1, undefined], [2, 2]] as const) {
    await using broker = await Broker.start({ alter: everyNth(10_000, (delivery) => [delivery, delivery]) });
    const { result } = await loaded(pairProfile({ ...MANY, qos }), broker.address.port);
    assert.equal(result.counts.duplicated, 2, `QoS ${qos}`);
    assert.equal(result.counts["duplicated.promised"], promised, `QoS ${qos}`);
    assert.equal(result.counts["fault.qos2-duplicate"], qos === 2 ? 2 : undefined);
    assert.equal(result.faults.length, promised ?? 0);
  }
});

Deno.test("a broker that swaps two messages in 10,000 is reported with the exact count", async () => {
  let held: Delivery | undefined;
  let count = 0;
  const deliveries = (delivery: Delivery) => {
    if (++count % 10_000 === 5_000) {
      held = delivery;
      return [];
    }
    const both = held ? [delivery, held] : [delivery];
    held = undefined;
    return both;
  };
  await using broker = await Broker.start({ alter: { deliveries } });
  const { result } = await loaded(pairProfile(MANY), broker.address.port);
  assert.equal(result.counts.reordered, 2);
  assert.equal(result.counts.lost ?? 0, 0);
  assert.equal(result.faults[0]?.fault, "reordered");
  assert.ok(result.faults[0]?.chart.at(-1)?.startsWith("PUBLISH"));
});

Deno.test("a broker that corrupts one payload in 10,000 is reported with the exact count", async () => {
  const corrupt = (delivery: Delivery) => {
    const payload = delivery.message.payload.slice();
    payload[40] = (payload[40] ?? 0) ^ 1;
    return [{ ...delivery, message: { ...delivery.message, payload } }];
  };
  await using broker = await Broker.start({ alter: everyNth(10_000, corrupt) });
  const { result } = await loaded(pairProfile(MANY), broker.address.port);
  assert.equal(result.counts.corrupted, 2);
  assert.equal(result.counts.lost ?? 0, 0);
  assert.equal(result.faults[0]?.size, result.faults[0] && result.faults[0].hex.length / 2);
});

Deno.test("a retain flag on a live message is a fault", async () => {
  await using broker = await Broker.start({ alter: { retainFlag: () => true } });
  const { result } = await loaded(pairProfile(), broker.address.port);
  assert.equal(result.counts["fault.retain-flag"], 2_000);
  assert.equal(result.faults.length, 10, "the first ten are kept");
});
