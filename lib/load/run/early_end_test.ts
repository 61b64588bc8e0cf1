import assert from "node:assert/strict";
import { Broker } from "../../broker/broker.ts";
import { loaded } from "./test_bench.ts";

const ENDS = (ends: string, more = "") =>
  `profile: ends
title: Ends
groups:
  - { group: subs, role: subscribe, clients: 3, ends-after: ${ends}, subscribe: [{ filter: t/$run/+, qos: 1 }] }
  - { group: pubs, role: publish, clients: 2, publish: { topic: t/$run/$client, qos: 1, rate: 100 } }
stages: [{ hold: 1h }]
${more}`;

Deno.test("a load ends once each client of a group has its messages, and its sums add up", async () => {
  await using broker = await Broker.start();
  const { result, exit } = await loaded(
    ENDS("{ each: 20 }", "thresholds: [lost == 0, awaited == 0]\n"),
    broker.address.port,
  );
  assert.equal(exit, 0, JSON.stringify(result.thresholds));
  assert.equal(result.endedEarly, "All messages for which the profile waits have arrived");
  const { sent = 0, received = 0, due } = result.counts;
  assert.ok(sent >= 20 && received >= 60, `${sent} ${received}`);
  assert.equal(due, received);
});

Deno.test("a load ends once the clients of a group have their messages together", async () => {
  await using broker = await Broker.start();
  const { result } = await loaded(ENDS("{ all: 30 }"), broker.address.port);
  assert.equal(result.counts.awaited ?? 0, 0);
  assert.ok((result.counts.received ?? 0) >= 30);
});

Deno.test("messages that did not arrive are counted at the end of the stages", async () => {
  await using broker = await Broker.start();
  const text = ENDS("{ each: 1000 }", "thresholds: [awaited == 0]\n").replace("1h", "200ms");
  const { result, exit } = await loaded(text, broker.address.port);
  assert.equal(exit, 1);
  assert.equal(result.endedEarly, undefined);
  assert.equal(result.counts.awaited, 3_000 - (result.counts.received ?? 0));
});

Deno.test("a threshold with abort ends the load that misses it", async () => {
  await using broker = await Broker.start();
  const text = ENDS("{ each: 100000 }", "thresholds: [{ threshold: sent < 10, abort: true }]\n");
  const { result, exit } = await loaded(text, broker.address.port);
  assert.equal(exit, 1);
  assert.equal(result.endedEarly, "The threshold sent < 10 did not hold, and ends the load");
  assert.deepEqual(result.thresholds.map(({ verdict }) => verdict), ["fail"]);
});
