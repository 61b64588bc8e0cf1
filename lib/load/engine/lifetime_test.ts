import assert from "node:assert/strict";
import type { ClientState } from "./connections.ts";
import { live, type Living } from "./lifetime.ts";
import { TestHost } from "./test_host.ts";

class Device implements Living {
  state: ClientState = "ready";
  wanted = true;
  connection = 1;
  unanswered = false;
  readonly left: string[] = [];

  connect(): void {
    this.state = "connecting";
  }

  leave(how: "disconnect" | "cut"): void {
    this.left.push(how);
    this.state = "offline";
  }
}

const UP = { kind: "fixed", ms: 100 } as const;

function bench() {
  const host = TestHost.for("groups: [{ group: g, role: idle, clients: 1 }]");
  return { host, device: new Device() };
}

Deno.test("a connection ends when its time is over, and the client comes back after a while", () => {
  const { host, device } = bench();
  live(device, { up: UP, down: { kind: "even", fromMs: 20, toMs: 40 }, leave: "cut" }, host, host.nowMs);
  host.advance(99);
  assert.deepEqual(device.left, []);
  host.advance(6);
  assert.deepEqual(device.left, ["cut"]);
  assert.equal(host.counts()["connect.left"], 1);
  host.advance(40);
  host.connections.connectDue(host.nowMs);
  assert.equal(device.state, "connecting");
});

Deno.test("a client that leaves by DISCONNECT waits for what is in flight, but not forever", () => {
  const { host, device } = bench();
  device.unanswered = true;
  live(device, { up: UP, down: UP, leave: "disconnect" }, host, host.nowMs);
  host.advance(4_000);
  assert.deepEqual(device.left, []);
  for (let at = 0; at < 1_500; at += 20) host.advance(20);
  assert.deepEqual(device.left, ["disconnect"]);
});

Deno.test("the lifetime of one connection does not end the next one", () => {
  const { host, device } = bench();
  live(device, { up: UP, down: UP, leave: "cut" }, host, host.nowMs);
  device.connection++;
  host.advance(200);
  assert.deepEqual(device.left, []);
});
