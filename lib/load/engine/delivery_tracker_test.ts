import assert from "node:assert/strict";
import { DeliveryTracker, InSequence } from "./delivery_tracker.ts";

const PLAN = { flow: 3, qos: 1, shared: false } as const;

function fed(
  sequences: readonly number[],
  sent = 0,
): { tracker: DeliveryTracker; pair: number; arrivals: readonly InSequence[] } {
  const tracker = new DeliveryTracker();
  const pair = tracker.begin(PLAN);
  tracker.confirm(pair, sent);
  return { tracker, pair, arrivals: sequences.map((one) => tracker.accept(pair, one)) };
}

Deno.test("messages in order are all new, and none is missing", () => {
  const { tracker, pair, arrivals } = fed(Array.from({ length: 1_000 }, (_, n) => n));
  assert.ok(arrivals.every((one) => one === InSequence.Next));
  assert.equal(tracker.receivedOf(pair), 1_000);
  assert.equal(tracker.dueOf(pair, 1_000), 1_000);
});

Deno.test("a lost message is missing, a repeated one counts once, and two swapped ones are noticed", () => {
  const { tracker, pair, arrivals } = fed([0, 1, 3, 3, 5, 4, 6]);
  assert.deepEqual(arrivals, [
    InSequence.Next,
    InSequence.Next,
    InSequence.Next,
    InSequence.Again,
    InSequence.Next,
    InSequence.Filled,
    InSequence.Next,
  ]);
  assert.equal(tracker.dueOf(pair, 7) - tracker.receivedOf(pair), 1);
});

Deno.test("a subscription must receive what was sent after it was confirmed, and the rest of what it has begun to deliver", () => {
  const early = fed([12, 13], 12);
  assert.equal(early.tracker.dueOf(early.pair, 14), 2);
  const onTheWay = fed([10, 11, 12], 12);
  assert.ok(onTheWay.arrivals.every((one) => one === InSequence.Next));
  assert.equal(onTheWay.tracker.dueOf(onTheWay.pair, 13), 3);
  const none = fed([], 12);
  assert.equal(none.tracker.dueOf(none.pair, 15), 3);
  const tracker = new DeliveryTracker();
  const pair = tracker.begin(PLAN);
  tracker.accept(pair, 7);
  tracker.confirm(pair, 9);
  assert.equal(tracker.dueOf(pair, 10), 3);
  assert.equal(tracker.receivedOf(pair), 1);
});

Deno.test("a duplicate far before the window is a duplicate, and a late one fills its gap", () => {
  const whole = fed([...Array.from({ length: 500 }, (_, n) => n), 3]);
  assert.equal(whole.arrivals.at(-1), InSequence.Again);
  const gap = fed([0, ...Array.from({ length: 500 }, (_, n) => n + 2), 1]);
  assert.equal(gap.arrivals.at(-1), InSequence.Filled);
  assert.equal(gap.tracker.receivedOf(gap.pair), 502);
});

Deno.test("a gap wider than the window discards the bits of older messages", () => {
  const { arrivals, tracker, pair } = fed([0, 1_000, 950, 950]);
  assert.deepEqual(arrivals, [InSequence.Next, InSequence.Next, InSequence.Filled, InSequence.Again]);
  assert.equal(tracker.dueOf(pair, 1_001) - tracker.receivedOf(pair), 998);
});

Deno.test("pairs grow in number and are reused", () => {
  const tracker = new DeliveryTracker();
  const pairs = Array.from({ length: 300 }, (_, flow) => tracker.begin({ flow, qos: 2, shared: true }));
  assert.deepEqual(pairs.map((pair) => tracker.flowOf(pair)), Array.from({ length: 300 }, (_, flow) => flow));
  tracker.accept(7, 5);
  tracker.end(7);
  assert.equal(tracker.begin(PLAN), 7);
  assert.equal(tracker.receivedOf(7), 0);
  assert.equal(tracker.qosOf(8), 2);
  assert.equal(tracker.isShared(8), true);
});
