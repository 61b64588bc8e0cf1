import assert from "node:assert/strict";
import { Broker } from "../../broker/broker.ts";
import type { BrokerBehaviour } from "../../broker/behaviour.ts";
import { testPlan } from "../plan/test_plan.ts";
import { LoadClient } from "./client.ts";
import { LoadGroup } from "./load_group.ts";
import { TestHost } from "./test_host.ts";

/** The first client of a profile's first group, on a broker. */
class Bench implements AsyncDisposable {
  readonly host: TestHost;
  readonly client: LoadClient;
  readonly #broker: Broker;

  private constructor(broker: Broker, text: string) {
    this.#broker = broker;
    const plan = testPlan(`profile: test\ntitle: Test\n${text}\nstages: [{ hold: 1s }]\n`, {
      brokers: [{ address: { kind: "mqtt", host: "127.0.0.1", port: broker.address.port } }],
    });
    this.host = new TestHost(plan);
    this.client = new LoadClient(this.host, new LoadGroup(this.host, this.host.group()), 0);
    this.client.wanted = true;
  }

  static async start(text: string, alter?: Partial<BrokerBehaviour>): Promise<Bench> {
    return new Bench(await Broker.start(alter ? { alter } : {}), text);
  }

  connect(): void {
    this.host.connections.queue(this.client, this.host.nowMs);
    this.host.connections.connectDue(this.host.nowMs);
  }

  /** Lets the loop turn until a condition holds. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      this.host.flush();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.host.ending = true;
    this.client.wanted = false;
    this.client.leave("cut");
    this.host.connections.closeLate(Infinity);
    await this.host.connections.ended();
    await this.#broker.stop();
  }
}

Deno.test("a client is ready once its subscriptions are confirmed, and each step is timed", async () => {
  await using bench = await Bench.start(
    "groups: [{ group: g, role: subscribe, clients: 1, subscribe: [{ filter: a }, { filter: b }] }]",
  );
  const { client, host } = bench;
  assert.equal(client.id, "0000abcd-g-0");
  bench.connect();
  assert.equal(client.state, "connecting");
  await bench.until(() => client.state === "ready");
  assert.equal(host.connections.ready, 1);
  const { counts, histograms } = host.taken();
  assert.deepEqual([counts["connect.attempted"], counts["connect.succeeded"], counts.subscribed], [1, 1, 2]);
  for (const metric of ["connect", "connect.actual", "connect.tcp", "connect.connack", "suback"] as const) {
    assert.equal(histograms.get(metric)?.total, 1, metric);
  }
});

Deno.test("a client that leaves by DISCONNECT is not counted as lost", async () => {
  await using bench = await Bench.start("groups: [{ group: g, role: idle, clients: 1 }]");
  const { client, host } = bench;
  bench.connect();
  await bench.until(() => client.state === "ready");
  client.leave("disconnect");
  assert.deepEqual([client.state, host.connections.ready], ["offline", 0]);
  const { counts, reasons } = host.taken();
  assert.deepEqual([counts.disconnected, reasons], [undefined, {}]);
});

Deno.test("a lost client connects again after a wait that doubles with each failure", async () => {
  await using bench = await Bench.start(
    "connect: { back-off: 100ms }\ngroups: [{ group: g, role: idle, clients: 1 }]",
  );
  const { client, host } = bench;
  bench.connect();
  await bench.until(() => client.state === "ready");
  client.lose("test");
  assert.equal(host.counts().disconnected, 1);
  // The random part of the test's host makes three quarters of the wait.
  host.advance(70);
  host.connections.connectDue(host.nowMs);
  assert.equal(client.state, "offline");
  host.advance(10);
  host.connections.connectDue(host.nowMs);
  assert.equal(client.state, "connecting");
  client.lose("test");
  host.advance(80);
  host.connections.connectDue(host.nowMs);
  assert.equal(client.state, "offline", "the second wait is longer");
  host.advance(80);
  host.connections.connectDue(host.nowMs);
  await bench.until(() => client.state === "ready");
  const { reasons, counts } = host.taken();
  assert.deepEqual([reasons, counts["connect.failed"]], [{ test: 1 }, 1]);
});

Deno.test("a broker that refuses the connection is a reason by its code", async () => {
  await using bench = await Bench.start(
    "connect: { again: false }\ngroups: [{ group: g, role: idle, clients: 1, user-name: u }]",
    { connect: () => ({ kind: "refuse", reason: 5 }) },
  );
  bench.connect();
  await bench.until(() => bench.client.state === "offline");
  const [reason = ""] = Object.keys(bench.host.taken().reasons);
  assert.match(reason, /^CONNACK: /);
});

Deno.test("PINGREQ is sent when the client has written nothing for a while, and has to be answered", async () => {
  await using bench = await Bench.start("groups: [{ group: g, role: idle, clients: 1, keep-alive: 10s }]");
  const { client, host } = bench;
  bench.connect();
  await bench.until(() => client.state === "ready");
  host.advance(7_000);
  client.keepAlive(host.nowMs);
  const before = host.counts()["sent.bytes"] ?? 0;
  assert.ok(before > 0);
  host.advance(1_000);
  client.keepAlive(host.nowMs);
  let received = 0;
  await bench.until(() => (received += host.counts()["received.bytes"] ?? 0) === 2);
  host.advance(7_600);
  client.keepAlive(host.nowMs);
  // The clock moves on before its answer is read.
  host.advance(11_000);
  client.keepAlive(host.nowMs);
  assert.equal(client.state, "offline");
  assert.deepEqual(host.taken().reasons, { "no PINGRESP": 1 });
});

Deno.test("an answer to nothing in flight is a fault, and bytes that are not a packet end the connection", async () => {
  await using bench = await Bench.start(
    "connect: { again: false }\ngroups: [{ group: g, role: publish, clients: 1, publish: { topic: t, qos: 1, rate: 1 } }]",
  );
  const { client, host } = bench;
  bench.connect();
  await bench.until(() => client.state === "ready");
  client.packet(Uint8Array.of(0x40, 2, 0, 9), 0, 2, 4, host.nowMs);
  assert.match(host.kept[0]?.text ?? "", /packet id 9, which is not in flight/);
  assert.equal(client.state, "ready");
  client.packet(Uint8Array.of(0x00, 0), 0, 2, 2, host.nowMs);
  assert.equal(client.state, "offline");
  assert.deepEqual(host.taken().reasons, { "broken packet": 1 });
});
