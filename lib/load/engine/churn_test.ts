import assert from "node:assert/strict";
import { churn, type Churning } from "./churn.ts";
import type { ClientState } from "./connections.ts";
import { TestHost } from "./test_host.ts";

const GROUP = "groups: [{ group: g, role: churn, clients: 1 }]";

class TestClient implements Churning {
  state: ClientState = "ready";
  wanted = true;
  readonly calls: string[] = [];

  connect(dueMs: number): void {
    this.calls.push(`connect ${dueMs}`);
  }

  leave(): void {
    this.state = "offline";
    this.calls.push("leave");
  }

  subscribe(): void {
    this.calls.push("subscribe");
  }

  unsubscribe(): void {
    this.calls.push("unsubscribe");
  }
}

Deno.test("a churning connection leaves after its time, and is queued again at its time", () => {
  const host = TestHost.for(GROUP);
  const client = new TestClient();
  churn(client, { what: "connection", upMs: 100, downMs: 50 }, host, host.nowMs);
  host.advance(90);
  assert.deepEqual(client.calls, []);
  host.advance(20);
  assert.deepEqual(client.calls, ["leave"]);
  host.advance(60);
  host.connections.connectDue(host.nowMs);
  assert.deepEqual(client.calls, ["leave", "connect 1160"]);
});

Deno.test("churning subscriptions end and begin on one connection, again and again", () => {
  const host = TestHost.for(GROUP);
  const client = new TestClient();
  churn(client, { what: "subscription", upMs: 100, downMs: 50 }, host, host.nowMs);
  for (let step = 0; step < 70; step++) host.advance(10);
  assert.deepEqual(client.calls.slice(0, 4), ["unsubscribe", "subscribe", "unsubscribe", "subscribe"]);
});

Deno.test("a client that was lost meanwhile, or whose load is over, does not churn", () => {
  const host = TestHost.for(GROUP);
  const lost = new TestClient();
  churn(lost, { what: "connection", upMs: 10, downMs: 10 }, host, host.nowMs);
  lost.state = "offline";
  const over = new TestClient();
  churn(over, { what: "subscription", upMs: 10, downMs: 10 }, host, host.nowMs);
  host.ending = true;
  host.advance(100);
  assert.deepEqual([lost.calls, over.calls], [[], []]);
});
