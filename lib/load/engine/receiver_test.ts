import assert from "node:assert/strict";
import { encode } from "../../mqtt/encode.ts";
import type { QoS } from "../../mqtt/packet.ts";
import { ClientSubscriptions } from "./client_subscriptions.ts";
import { ConnectionWriter } from "./connection_writer.ts";
import { hashBytes, MARK_BYTES, writeMark } from "./mark.ts";
import { LoadReceiver } from "./receiver.ts";
import { continuations, TestHost, TestTransport } from "./test_host.ts";

const SIZE = 40;

/** The options of a PUBLISH to a receiver. */
interface Sent {
  readonly qos?: QoS;
  readonly id?: number;
  readonly dup?: boolean;
  readonly retain?: boolean;
  readonly flow?: number;
  /** When it was scheduled, in ms of the run's clock; default now. */
  readonly dueMs?: number;
  readonly corrupt?: boolean;
}

/** The receiver of the first client of the first group, subscribed; the second group has two publishers. */
class Bench {
  readonly host: TestHost;
  readonly receiver: LoadReceiver;
  readonly subscriptions: ClientSubscriptions;
  readonly transport = new TestTransport();

  constructor(subscriber = "subscribe: [{ filter: t/+, qos: 2 }]", publish = "qos: 2", head = "") {
    this.host = TestHost.for(`${head}groups:
  - { group: s, role: subscribe, clients: 1, ${subscriber} }
  - { group: p, role: publish, clients: 2, publish: { topic: t/$client, rate: 1, ${publish} } }`);
    const plan = this.host.group();
    const owner = {
      writing: () => this.receiver.written(),
      written: () => {},
      writeFailed: () => {},
    };
    const writer = new ConnectionWriter(this.host, owner, false);
    writer.attach(this.transport);
    this.receiver = new LoadReceiver(this.host, plan, { id: "s-0", number: 0 }, writer, undefined);
    this.subscriptions = new ClientSubscriptions(this.host, plan, 0, writer, this.receiver);
  }

  /** A bench whose subscription is confirmed. */
  static subscribed(...args: ConstructorParameters<typeof Bench>): Bench {
    const bench = new Bench(...args);
    bench.receiver.connected(false);
    bench.subscriptions.subscribe();
    bench.confirm();
    return bench;
  }

  confirm(reasons: readonly number[] = [2]): boolean {
    const packet = { type: "SUBACK", packetId: 65_535, reasons, properties: [] } as const;
    return this.subscriptions.suback(packet, this.host.nowMs);
  }

  /** Publishes and receives message `sequence` of a flow. */
  get(sequence: number, sent: Sent = {}): void {
    const { qos = 2, id = sequence + 1, dup = false, retain = false, flow = 0, corrupt = false } = sent;
    const payload = new Uint8Array(SIZE).fill(7);
    const due = (sent.dueMs ?? this.host.nowMs) * 1000 | 0;
    writeMark(payload, 0, SIZE, hashBytes(payload, MARK_BYTES, SIZE), flow, sequence, due, 0);
    if (corrupt) payload[SIZE - 1] = 0;
    this.host.flows.sent[flow] = Math.max(this.host.flows.sent[flow] ?? 0, sequence + 1);
    this.deliver(payload, { qos, dup, retain, packetId: qos === 0 ? undefined : id }, `t/${flow}`);
  }

  deliver(
    payload: Uint8Array,
    { qos, dup, retain, packetId }: {
      readonly qos: QoS;
      readonly dup?: boolean;
      readonly retain?: boolean;
      readonly packetId?: number | undefined;
    },
    topic: string,
  ): void {
    const draft = { type: "PUBLISH", topic, qos, dup, retain, payload, packetId } as const;
    const bytes = encode(draft, this.host.plan.protocol).slice();
    this.receiver.publish(bytes, 0, 2, bytes.length, this.host.nowMs);
  }

  kinds(): readonly string[] {
    return this.host.kept.splice(0).map(({ fault }) => fault);
  }
}

Deno.test("messages in order are counted and timed from their scheduled times", () => {
  const bench = Bench.subscribed();
  bench.transport.described();
  bench.host.nowMs += 5;
  bench.get(0, { qos: 0, dueMs: 1_003 });
  bench.get(1, { qos: 1, dueMs: 1_003 });
  bench.get(2, { qos: 2, dueMs: 1_003 });
  bench.receiver.pubrel(3);
  const taken = bench.host.taken();
  assert.equal(taken.counts.received, 3);
  assert.equal(taken.histograms.get("latency")?.min, 2_000);
  assert.deepEqual(bench.kinds(), []);
});

Deno.test("answers are sent by the QoS of the messages, in their order", async () => {
  const bench = Bench.subscribed();
  await continuations();
  assert.match(bench.transport.described()[0] ?? "", /^SUBSCRIBE id=65535/);
  bench.get(0, { qos: 1, id: 9 });
  bench.get(1, { qos: 2, id: 4 });
  bench.receiver.pubrel(4);
  bench.get(2, { qos: 0 });
  bench.host.flush();
  assert.deepEqual(bench.transport.described(), ["PUBACK id=9", "PUBREC id=4", "PUBCOMP id=4"]);
});

Deno.test("what was sent and did not come by the end is lost", () => {
  const bench = Bench.subscribed();
  bench.get(0);
  bench.get(2);
  bench.host.flows.sent[0] = 5;
  bench.host.flows.sent[1] = 2;
  assert.equal(bench.receiver.missing, 5);
  bench.receiver.finish(true);
  const counts = bench.host.counts();
  assert.deepEqual([counts.due, counts.received, counts.lost, counts["lost.promised"]], [7, 2, 5, 5]);
});

Deno.test("messages whose outcome is unknown are lost without breaking a promise", () => {
  const bench = Bench.subscribed();
  bench.host.flows.sent[0] = 3;
  bench.host.flows.uncertain[0] = 2;
  assert.equal(bench.receiver.missing, 1);
  bench.receiver.finish(true);
  const counts = bench.host.counts();
  assert.deepEqual([counts.lost, counts["lost.promised"]], [3, 1]);
});

Deno.test("after a lost connection only gaps between received messages count as lost", () => {
  const bench = Bench.subscribed();
  bench.get(0);
  bench.get(2);
  bench.host.flows.sent[0] = 9;
  bench.receiver.disconnected();
  const counts = bench.host.counts();
  assert.deepEqual([counts.due, counts.lost], [3, 1]);
});

Deno.test("a duplicate is a fault where QoS forbids it", () => {
  for (
    const [qos, kinds, promised] of [[0, ["duplicated"], 1], [1, [], undefined], [
      2,
      ["qos2-duplicate"],
      1,
    ]] as const
  ) {
    const bench = Bench.subscribed("subscribe: [{ filter: t/+, qos: 2 }]", `qos: ${qos}`);
    bench.get(0, { qos, id: 1 });
    if (qos === 2) bench.receiver.pubrel(1);
    bench.host.flush();
    bench.get(0, { qos, id: 2 });
    const counts = bench.host.counts();
    assert.equal(counts.duplicated, 1);
    assert.equal(counts["duplicated.promised"], promised);
    assert.deepEqual(bench.kinds(), kinds, `QoS ${qos}`);
  }
});

Deno.test("a QoS 2 message that is sent again before PUBREL is not a second message", () => {
  const bench = Bench.subscribed();
  bench.get(0, { id: 7 });
  bench.get(0, { id: 7, dup: true });
  const counts = bench.host.counts();
  assert.deepEqual([counts.received, counts.duplicated], [1, undefined]);
  assert.deepEqual(bench.kinds(), []);
});

Deno.test("a packet id that is used again while it is in flight is a fault", () => {
  const bench = Bench.subscribed();
  bench.get(0, { id: 7 });
  bench.get(1, { id: 7 });
  assert.deepEqual(bench.kinds(), ["packet-id-reuse"]);
});

Deno.test("more messages in flight than the receive maximum are a fault", () => {
  const bench = Bench.subscribed(
    "receive-maximum: 2, subscribe: [{ filter: t/+, qos: 2 }]",
    "qos: 2",
    'protocol: "5.0"\n',
  );
  for (const sequence of [0, 1, 2]) bench.get(sequence);
  assert.deepEqual(bench.kinds(), ["receive-maximum"]);
});

Deno.test("a message after a later one is reordered, unless it is sent again", () => {
  const bench = Bench.subscribed();
  for (const sequence of [0, 3, 2]) bench.get(sequence);
  bench.get(1, { dup: true });
  assert.deepEqual(bench.kinds(), ["reordered"]);
  assert.equal(bench.host.counts().received, 4);
});

Deno.test("a corrupted payload is a fault, and its message counts as received if its number is plausible", () => {
  const bench = Bench.subscribed();
  bench.get(0);
  bench.get(1, { corrupt: true });
  bench.get(5_000, { corrupt: true });
  const counts = bench.host.counts();
  assert.deepEqual([counts.received, counts.corrupted], [2, 2]);
});

Deno.test("a payload without a mark, and a flow that no filter matches, are unexpected", () => {
  const bench = Bench.subscribed("subscribe: [{ filter: t/0, qos: 2 }]");
  bench.deliver(new TextEncoder().encode("hello"), { qos: 0 }, "t/0");
  bench.get(0, { flow: 1 });
  assert.deepEqual(bench.kinds(), ["unexpected", "unexpected"]);
});

Deno.test("the retain flag is right on a message from before SUBACK, and a fault on a later one", () => {
  const bench = new Bench();
  bench.receiver.connected(false);
  bench.subscriptions.subscribe();
  bench.host.nowMs = 1_100;
  bench.confirm();
  bench.host.nowMs = 1_200;
  bench.get(0, { retain: true, dueMs: 1_050 });
  const taken = bench.host.taken();
  assert.deepEqual([taken.counts.retained, taken.counts.received], [1, undefined]);
  assert.equal(taken.histograms.get("retained.latency")?.total, 1);
  bench.get(1, { retain: true, dueMs: 1_150 });
  assert.deepEqual(bench.kinds(), ["retain-flag"]);
});

Deno.test("messages that come after UNSUBSCRIBE are neither expected nor a fault", () => {
  const bench = Bench.subscribed();
  bench.get(0);
  bench.subscriptions.unsubscribe();
  bench.get(1);
  assert.deepEqual(bench.kinds(), []);
  const counts = bench.host.counts();
  assert.deepEqual([counts.due, counts.lost, counts.received], [1, undefined, 1]);
});

Deno.test("a filter that the broker refuses expects nothing", () => {
  const bench = new Bench("subscribe: [{ filter: t/0, qos: 1 }, { filter: t/1, qos: 1 }]");
  bench.receiver.connected(false);
  bench.subscriptions.subscribe();
  assert.equal(bench.confirm([1, 0x80]), true);
  assert.equal(bench.confirm([1, 0x80]), false, "a second SUBACK is not expected");
  bench.host.flows.sent.fill(3);
  assert.equal(bench.receiver.missing, 3);
  const counts = bench.host.counts();
  assert.deepEqual([counts.subscribed, counts["subscribe.failed"]], [1, 1]);
});

Deno.test("a kept session keeps its subscriptions over a lost connection, without messages of QoS 0", () => {
  const bench = new Bench("session: kept, subscribe: [{ filter: t/+, qos: 1 }]", "qos: 1");
  bench.receiver.connected(false);
  assert.equal(bench.receiver.resumed, false);
  bench.subscriptions.subscribe();
  bench.confirm([1]);
  bench.get(0, { qos: 1 });
  bench.receiver.disconnected();
  bench.host.flows.sent[0] = 4;
  bench.receiver.connected(true);
  assert.equal(bench.receiver.resumed, true);
  assert.equal(bench.receiver.missing, 3);
});

Deno.test("members of a shared subscription expect nothing alone, and what they received is added up", () => {
  const bench = Bench.subscribed("subscribe: [{ filter: $$share/g/t/+, qos: 1 }]", "qos: 1");
  bench.get(0, { qos: 1 });
  bench.get(4, { qos: 1 });
  bench.receiver.finish(true);
  assert.equal(bench.host.counts().due, undefined);
  assert.deepEqual([...bench.host.flows.shared], [[0, 2], [1, 0]]);
});

Deno.test("a PUBLISH that can't be read is a fault", () => {
  const bench = Bench.subscribed();
  const bytes = Uint8Array.of(0x32, 4, 0, 9, 0x74, 0);
  bench.receiver.publish(bytes, 0, 2, bytes.length, bench.host.nowMs);
  assert.deepEqual(bench.kinds(), ["protocol"]);
});
