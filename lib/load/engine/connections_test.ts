import assert from "node:assert/strict";
import { type ClientState, type Connectable, Connections } from "./connections.ts";
import { TestTransport } from "./test_host.ts";

class TestClient implements Connectable {
  state: ClientState = "offline";
  wanted = true;
  readonly dueMs: number[] = [];

  connect(dueMs: number): void {
    this.state = "connecting";
    this.dueMs.push(dueMs);
  }
}

function clients(count: number): readonly TestClient[] {
  return Array.from({ length: count }, () => new TestClient());
}

function connecting(all: readonly TestClient[]): number {
  return all.filter(({ state }) => state === "connecting").length;
}

Deno.test("connections are started at their times, and no more of them at once than allowed", () => {
  const now = 0;
  const connections = new Connections(2, () => now, () => {});
  const all = clients(4);
  for (const [index, client] of all.entries()) connections.queue(client, index === 3 ? 50 : 0);
  connections.connectDue(now);
  assert.equal(connecting(all), 2);
  connections.arrived();
  assert.equal(connecting(all), 3);
  connections.arrived();
  assert.equal(connecting(all), 3, "the last one is scheduled later");
  connections.connectDue(50);
  assert.deepEqual(all[3]?.dueMs, [50]);
});

Deno.test("a client that is not wanted any more, or is connected already, is skipped", () => {
  const connections = new Connections(5, () => 0, () => {});
  const [away, there, one] = clients(3);
  assert.ok(away && there && one);
  away.wanted = false;
  there.state = "ready";
  for (const client of [away, there, one]) connections.queue(client, 0);
  connections.connectDue(0);
  assert.deepEqual([away.dueMs, there.dueMs, one.dueMs], [[], [], [0]]);
});

Deno.test("the clients at the start are settled once all are connected or given up", () => {
  let times = 0;
  const connections = new Connections(5, () => 0, () => times++);
  const all = clients(2);
  connections.start(all, () => 0);
  for (const client of all) {
    assert.equal(times, 0);
    connections.settle(client);
    connections.settle(client);
  }
  assert.equal(times, 1);
  connections.start([], () => 0);
  assert.equal(times, 2, "without clients they are settled at once");
});

Deno.test("stop() starts no more connections", () => {
  const connections = new Connections(5, () => 0, () => {});
  const [client] = clients(1);
  assert.ok(client);
  connections.queue(client, 0);
  connections.stop();
  connections.connectDue(0);
  assert.equal(client.state, "offline");
});

Deno.test("a long queue keeps its order while it is shortened", () => {
  const connections = new Connections(1, () => 0, () => {});
  const all = clients(3_000);
  for (const client of all) connections.queue(client, 0);
  connections.connectDue(0);
  for (const client of all) {
    assert.equal(client.state, "connecting");
    client.state = "ready";
    connections.arrived();
  }
});

Deno.test("closeSoon() gives a connection time to write", () => {
  const connections = new Connections(1, () => 100, () => {});
  const transport = new TestTransport();
  connections.closeSoon(transport);
  connections.closeLate(400);
  assert.deepEqual([transport.closed, connections.closing], [false, true]);
  connections.closeLate(Infinity);
  assert.deepEqual([transport.closed, connections.closing], [true, false]);
});

Deno.test("ended() also waits for tasks that tasks start", async () => {
  const connections = new Connections(1, () => 0, () => {});
  const order: string[] = [];
  const inner = Promise.withResolvers<void>();
  connections.track(Promise.resolve().then(() => connections.track(inner.promise)));
  const ended = connections.ended().then(() => order.push("ended"));
  setTimeout(() => {
    order.push("inner");
    inner.resolve();
  }, 1);
  await ended;
  assert.deepEqual(order, ["inner", "ended"]);
});
