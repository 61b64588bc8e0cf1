import assert from "node:assert/strict";
import type { Draft, ProtocolVersion, QoS } from "../mqtt/packet.ts";
import type { BrokerBehaviour } from "./behaviour.ts";
import { Sender } from "./delivery.ts";
import type { Delivery } from "./message.ts";
import { RIGHT } from "./right.ts";
import { type Peer, Session } from "./session.ts";

/** The sending half of a session; the test is its client and its clock stands still. */
class Bench {
  readonly session: Session;
  readonly sender: Sender;
  /** Whether the client accepts no more bytes. */
  congested = false;
  /** The largest payload that the client accepts. */
  largest = Infinity;
  nowMs = 10_000;
  #sent: string[] = [];

  constructor(
    peer: { readonly version?: ProtocolVersion; readonly receiveMaximum?: number } = {},
    behaviour: Partial<BrokerBehaviour> = {},
    session = new Session("c", { messages: 10, bytes: 10_000, whenFull: "drop-newest" }, RIGHT.nextPacketId),
  ) {
    this.session = session;
    const congested = () => this.congested;
    const client: Peer = {
      version: peer.version ?? "3.1.1",
      receiveMaximum: peer.receiveMaximum ?? 10,
      topicAliasMaximum: 2,
      get congested() {
        return congested();
      },
      send: (packet) => this.#send(packet),
      deliver: () => {},
      end: () => {},
    };
    this.sender = new Sender(session, client, { ...RIGHT, ...behaviour }, () => this.nowMs);
  }

  /** What was sent since the last call: `PUBLISH q1 id=1 a`. */
  get sent(): readonly string[] {
    return this.#sent.splice(0);
  }

  deliver(text: string, qos: QoS, more: Partial<Delivery["message"]> = {}): void {
    this.sender.deliver(delivery(text, qos, more));
  }

  #send(packet: Draft): boolean {
    if (packet.type === "PUBLISH") {
      const { payload } = packet;
      if (payload !== undefined && payload.length > this.largest) return false;
      const words = [
        `q${packet.qos}`,
        packet.packetId && `id=${packet.packetId}`,
        packet.dup && "dup",
        payload,
      ];
      const properties = packet.properties?.map(({ name, value }) => `${name}=${value}`) ?? [];
      const shown = words.map((one) => one instanceof Uint8Array ? new TextDecoder().decode(one) : one);
      const topic = packet.properties && `"${packet.topic}"`;
      this.#sent.push(["PUBLISH", ...shown, topic, ...properties].filter(Boolean).join(" "));
    } else if (packet.type === "PUBREL") {
      this.#sent.push(
        `PUBREL id=${packet.packetId}${packet.reason ? ` 0x${packet.reason.toString(16)}` : ""}`,
      );
    } else assert.fail(packet.type);
    return true;
  }
}

function delivery(text: string, qos: QoS, more: Partial<Delivery["message"]> = {}): Delivery {
  const payload = new TextEncoder().encode(text);
  const message = {
    topic: "t",
    payload,
    qos,
    retain: false,
    dup: false,
    publisher: "p",
    properties: [],
    ...more,
  };
  return { message, qos, retain: false, identifiers: [] };
}

Deno.test("a message is open until its handshake is complete", () => {
  const bench = new Bench();
  const { sender, session } = bench;
  for (const qos of [0, 1, 2] as const) bench.deliver(`m${qos}`, qos);
  assert.deepEqual(bench.sent, ["PUBLISH q0 m0", "PUBLISH q1 id=1 m1", "PUBLISH q2 id=2 m2"]);
  assert.deepEqual([...session.unacknowledged.keys()], [1, 2]);
  assert.equal(sender.puback(1, 0), true);
  assert.equal(sender.pubrec(2, 0), true);
  assert.deepEqual(bench.sent, ["PUBREL id=2"]);
  assert.deepEqual([[...session.unacknowledged.keys()], [...session.released.keys()]], [[], [2]]);
  assert.equal(sender.pubcomp(2, 0), true);
  assert.equal(session.released.size, 0);
});

Deno.test("an answer of the wrong handshake is rejected and completes nothing", () => {
  const bench = new Bench();
  const { sender, session } = bench;
  bench.deliver("one", 1);
  bench.deliver("two", 2);
  assert.equal(sender.puback(2, 0), false);
  assert.equal(sender.pubrec(1, 0), false);
  assert.equal(sender.pubcomp(2, 0), false);
  assert.deepEqual([...session.unacknowledged.keys()], [1, 2]);
  sender.pubrec(2, 0);
  assert.equal(sender.puback(2, 0), false);
  assert.deepEqual([...session.released.keys()], [2]);
  // Answers with an unknown packet id are ignored.
  assert.equal(sender.puback(9, 0), true);
  assert.equal(sender.pubcomp(9, 0), true);
});

Deno.test("PUBREC of an unknown packet id gets PUBREL with the reason, PUBREC that refuses gets none", () => {
  const bench = new Bench({ version: "5.0" });
  bench.sender.pubrec(7, 0);
  assert.deepEqual(bench.sent, ["PUBREL id=7 0x92"]);
  bench.deliver("two", 2);
  assert.equal(bench.sent.length, 1);
  bench.sender.pubrec(1, 0x87);
  assert.deepEqual(bench.sent, []);
  assert.equal(bench.session.unacknowledged.size, 0);
});

Deno.test("no more than the Receive Maximum is open at once, and QoS 0 does not wait for it", () => {
  const bench = new Bench({ receiveMaximum: 2 });
  for (const text of ["a", "b", "c", "d"]) bench.deliver(text, 1);
  bench.deliver("zero", 0);
  assert.deepEqual(bench.sent, ["PUBLISH q1 id=1 a", "PUBLISH q1 id=2 b", "PUBLISH q0 zero"]);
  bench.sender.puback(1, 0);
  // A second answer to the same message frees no further slot.
  bench.sender.puback(1, 0);
  assert.deepEqual(bench.sent, ["PUBLISH q1 id=3 c"]);
  bench.sender.puback(2, 0);
  assert.deepEqual(bench.sent, ["PUBLISH q1 id=4 d"]);
});

Deno.test("PUBREC frees no slot of the Receive Maximum, PUBCOMP does", () => {
  const bench = new Bench({ receiveMaximum: 1 });
  bench.deliver("a", 2);
  bench.deliver("b", 2);
  bench.sender.pubrec(1, 0);
  assert.deepEqual(bench.sent, ["PUBLISH q2 id=1 a", "PUBREL id=1"]);
  bench.sender.pubcomp(1, 0);
  assert.deepEqual(bench.sent, ["PUBLISH q2 id=2 b"]);
});

Deno.test("for a congested client QoS 0 is dropped and the rest waits until it reads more", () => {
  const bench = new Bench();
  bench.congested = true;
  bench.deliver("zero", 0);
  bench.deliver("one", 1);
  assert.deepEqual(bench.sent, []);
  bench.congested = false;
  bench.sender.pump();
  assert.deepEqual(bench.sent, ["PUBLISH q1 id=1 one"]);
});

Deno.test("QoS 0 that waits with the others keeps its place after them", () => {
  const bench = new Bench({ receiveMaximum: 1 }, { qos0WhenFull: "wait" });
  bench.deliver("a", 1);
  bench.deliver("zero", 0);
  bench.deliver("b", 1);
  assert.deepEqual(bench.sent, ["PUBLISH q1 id=1 a"]);
  bench.sender.puback(1, 0);
  assert.deepEqual(bench.sent, ["PUBLISH q0 zero", "PUBLISH q1 id=2 b"]);
});

Deno.test("a resumed session sends PUBREL again, then its open messages with DUP, then the queued ones", () => {
  const before = new Bench({ receiveMaximum: 2 });
  for (const text of ["a", "b", "c"]) before.deliver(text, 2);
  before.sender.pubrec(1, 0);
  const after = new Bench({ receiveMaximum: 1 }, {}, before.session);
  after.sender.resume();
  assert.deepEqual(after.sent, ["PUBREL id=1", "PUBLISH q2 id=2 dup b"]);
  after.sender.pubrec(2, 0);
  after.sender.pubcomp(2, 0);
  assert.deepEqual(after.sent, ["PUBREL id=2", "PUBLISH q2 id=3 c"]);
});

Deno.test("repeated messages respect the Receive Maximum as well", () => {
  const before = new Bench();
  for (const text of ["a", "b"]) before.deliver(text, 1);
  const after = new Bench({ receiveMaximum: 1 }, {}, before.session);
  after.sender.resume();
  assert.deepEqual(after.sent, ["PUBLISH q1 id=1 dup a"]);
  after.sender.puback(1, 0);
  assert.deepEqual(after.sent, ["PUBLISH q1 id=2 dup b"]);
});

Deno.test("an answer to a message that did not count towards the Receive Maximum does not raise it", () => {
  const before = new Bench();
  before.deliver("a", 2);
  before.sender.pubrec(1, 0);
  const after = new Bench({ receiveMaximum: 1 }, {}, before.session);
  after.sender.resume();
  after.sender.pubcomp(1, 0);
  for (const text of ["b", "c"]) after.deliver(text, 1);
  assert.deepEqual(after.sent, ["PUBREL id=1", "PUBLISH q1 id=2 b"]);
  after.sender.pubcomp(9, 0);
  assert.deepEqual(after.sent, []);
});

Deno.test("a message that is too large for the client counts as delivered", () => {
  const bench = new Bench({ receiveMaximum: 1 });
  bench.largest = 3;
  bench.deliver("long", 1);
  bench.deliver("ok", 1);
  assert.deepEqual(bench.sent, ["PUBLISH q1 id=2 ok"]);
  assert.deepEqual([...bench.session.unacknowledged.keys()], [2]);
});

Deno.test("a message is sent with the remaining seconds before its expiry, and not after it", () => {
  const bench = new Bench({ version: "5.0", receiveMaximum: 1 });
  bench.deliver("a", 1, { expiresAt: 11_001 });
  bench.deliver("b", 1, { expiresAt: 11_001 });
  assert.deepEqual(bench.sent, ['PUBLISH q1 id=1 a "t" messageExpiryInterval=2']);
  bench.nowMs = 11_001;
  bench.sender.puback(1, 0);
  assert.deepEqual(bench.sent, []);
  assert.equal(bench.session.queue.size, 0);
});

Deno.test("a topic alias is sent with its topic name once, and instead of it afterwards", () => {
  const bench = new Bench({ version: "5.0" }, { usesAliases: true });
  for (const topic of ["a", "a", "b", "c", "a"]) bench.deliver("p", 0, { topic });
  assert.deepEqual(bench.sent, [
    'PUBLISH q0 p "a" topicAlias=1',
    'PUBLISH q0 p "" topicAlias=1',
    'PUBLISH q0 p "b" topicAlias=2',
    // The client accepts two; the third topic name replaces the first.
    'PUBLISH q0 p "c" topicAlias=1',
    'PUBLISH q0 p "a" topicAlias=2',
  ]);
  const old = new Bench({ version: "3.1.1" }, { usesAliases: true });
  old.deliver("p", 0, { topic: "a" });
  assert.deepEqual(old.sent, ["PUBLISH q0 p"]);
});
