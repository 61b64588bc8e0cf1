import assert from "node:assert/strict";
import { testPlan } from "../plan/test_plan.ts";
import { GroupRun } from "./group_run.ts";
import { TestHost } from "./test_host.ts";

const PUBLISH = "publish: { topic: t/$client, rate: 10 }";

function bench(group: string, workers = 1, worker = 0, head = "") {
  const host = new TestHost(
    testPlan(
      `profile: test\ntitle: Test\n${head}groups: [{ group: g, ${group} }]\nstages: [{ hold: 1s }]\n`,
      {
        workers,
      },
    ),
  );
  return { host, group: new GroupRun(host, host.group(), worker) };
}

Deno.test("messages come due for the clients in turn", () => {
  const { host, group } = bench(`role: publish, clients: 3, ${PUBLISH}`);
  for (const client of group.clients) client.wanted = true;
  assert.equal(group.nextDueMs, 1_050);
  group.send(1_049);
  assert.equal(host.counts().planned, undefined);
  group.send(1_460);
  // Due at 1050, 1150, 1250, 1350 and 1450: two of them belong to the first client.
  assert.deepEqual(group.clients.map(({ publisher }) => publisher?.owed), [2, 2, 1]);
  assert.equal(group.nextDueMs, 1_550);
});

Deno.test("the workers of a group share its schedule, and no message is sent twice", () => {
  const due = [0, 1].map((worker) => {
    const { group } = bench(`role: publish, clients: 3, ${PUBLISH}`, 2, worker);
    for (const client of group.clients) client.wanted = true;
    group.send(5_000);
    return group.clients.map(({ number, publisher }) => [number, publisher?.owed]);
  });
  assert.deepEqual(due, [[[0, 4], [2, 3]], [[1, 3]]]);
});

Deno.test("a group without a schedule has no messages", () => {
  const idle = bench("role: idle, clients: 1");
  const closed = bench(`role: publish, clients: 1, ${PUBLISH}`, 1, 0, "executor: closed-loop\n");
  const responds = bench(`role: respond, clients: 1, subscribe: [{ filter: q }], ${PUBLISH}`);
  for (const { group } of [idle, closed, responds]) {
    assert.deepEqual([group.scheduled, group.nextDueMs], [false, Infinity]);
  }
});

Deno.test("one turn stops sending after a while", () => {
  const { host, group } = bench("role: publish, clients: 1, publish: { topic: t, rate: 1000000 }");
  for (const client of group.clients) client.wanted = true;
  let reads = 0;
  // Each reading of the clock takes a millisecond.
  Object.defineProperty(host, "now", { value: () => 5_000 + reads++ });
  group.send(5_000);
  const planned = host.counts().planned ?? 0;
  assert.ok(planned > 0 && planned < 1_000, `${planned}`);
});

Deno.test("the clients at the start are those that are online from the beginning, up to a share", () => {
  const numbers = (group: string, share: number) =>
    bench(group).group.startingClients(share).map(({ number }) => number);
  assert.deepEqual(numbers("role: idle, clients: 4", 0.5), [0, 1]);
  assert.deepEqual(numbers("role: idle, clients: 4", 1), [0, 1, 2, 3]);
  assert.deepEqual(numbers("role: idle, clients: 4, online: [{ from: 1s }]", 1), []);
});

Deno.test("adjust() queues the clients that should be connected now", () => {
  const { host, group } = bench("role: idle, clients: 4, online: [{ from: 100ms, until: 300ms }]");
  const wanted = () => group.clients.map((client) => client.wanted);
  group.adjust(50, host.plan.segments);
  assert.deepEqual(wanted(), [false, false, false, false]);
  const half = { startMs: 0, endMs: 1_000, fromRate: 1, toRate: 1, fromClients: 0.5, toClients: 0.5 };
  group.adjust(150, [half]);
  assert.deepEqual(wanted(), [true, true, false, false]);
  group.adjust(400, host.plan.segments);
  assert.deepEqual(wanted(), [false, false, false, false]);
});

Deno.test("with jitter each client gets all of its messages, each at its time", () => {
  const jitter = "publish: { topic: t/$client, rate: 100, jitter: 100% }";
  const { host, group } = bench(`role: publish, clients: 3, ${jitter}`);
  for (const client of group.clients) client.wanted = true;
  let sends = 0;
  for (let due = group.nextDueMs; due < Infinity; due = group.nextDueMs) {
    assert.ok(due >= 1_000 && due <= 2_000);
    group.send(due);
    sends++;
  }
  assert.equal(host.counts().planned, 100);
  assert.ok(sends > 90, `${sends}`);
  assert.deepEqual(group.clients.map(({ publisher }) => publisher?.owed), [34, 33, 33]);
});
