import assert from "node:assert/strict";
import { describe } from "../../mqtt/describe.ts";
import { ClientSubscriptions } from "./client_subscriptions.ts";
import { ConnectionWriter } from "./connection_writer.ts";
import { LoadReceiver } from "./receiver.ts";
import { TestHost, TestTransport } from "./test_host.ts";

/** The subscriptions of the second client of a group with two filters. */
function bench() {
  const host = TestHost.for(`groups:
  - { group: s, role: subscribe, clients: 2, subscribe: [{ filter: t/$client, qos: 1 }, { filter: "u/#", qos: 2 }] }
  - { group: p, role: publish, clients: 1, publish: { topic: t/$client, rate: 1 } }`);
  const transport = new TestTransport();
  const owner = { writing: () => {}, written: () => {}, writeFailed: () => {} };
  const writer = new ConnectionWriter(host, owner, false);
  writer.attach(transport);
  const receiver = new LoadReceiver(host, host.group(), { id: "s-1", number: 1 }, writer, undefined);
  receiver.connected(false);
  const subscriptions = new ClientSubscriptions(host, host.group(), 1, writer, receiver);
  const suback = (...reasons: number[]) =>
    subscriptions.suback({ type: "SUBACK", packetId: 65_535, reasons, properties: [] }, host.nowMs);
  const written = () => transport.packets().map((packet) => describe(packet));
  return { host, subscriptions, suback, written };
}

Deno.test("all filters of a client are requested in one packet, and removed in one", async () => {
  const { subscriptions, written } = bench();
  subscriptions.subscribe();
  assert.deepEqual(written(), ['SUBSCRIBE id=65535 "t/1" q1 "u/#" q2']);
  // The previous write has ended by then.
  await new Promise((resolve) => setTimeout(resolve));
  subscriptions.unsubscribe();
  assert.deepEqual(written(), ['UNSUBSCRIBE id=65535 "t/1" "u/#"']);
});

Deno.test("SUBACK is counted by what it grants and refuses, and timed", () => {
  const { host, subscriptions, suback } = bench();
  subscriptions.subscribe();
  host.advance(30);
  assert.equal(suback(1, 0x80), true);
  const { counts, histograms } = host.taken();
  assert.deepEqual([counts.subscribed, counts["subscribe.failed"]], [1, 1]);
  assert.equal(Math.round((histograms.get("suback")?.max ?? 0) / 1000), 30);
});

Deno.test("a SUBACK that is not expected does not count", () => {
  const { host, subscriptions, suback } = bench();
  assert.equal(suback(1, 2), false);
  subscriptions.subscribe();
  assert.equal(suback(1, 2), true);
  assert.equal(suback(1, 2), false);
  subscriptions.subscribe();
  subscriptions.disconnected();
  assert.equal(suback(1, 2), false);
  assert.equal(host.counts().subscribed, 2);
});
