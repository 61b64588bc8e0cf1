import assert from "node:assert/strict";
import type { QoS } from "../mqtt/packet.ts";
import type { BrokerBehaviour } from "./behaviour.ts";
import { Exchange, type Limits } from "./exchange.ts";
import type { CloseCause, Delivery, Message } from "./message.ts";
import { RIGHT } from "./right.ts";
import type { Held, Peer, Session } from "./session.ts";
import type { HeldWill } from "./will.ts";

const LIMITS: Limits = {
  sessions: 3,
  subscriptionsPerSession: 2,
  queuedMessages: 10,
  queuedBytes: 1_000,
  retainedMessages: 10,
  retainedBytes: 1_000,
};

function message(topic: string, text: string, more: Partial<Message> = {}): Message {
  return {
    topic,
    payload: new TextEncoder().encode(text),
    qos: 0,
    retain: false,
    dup: false,
    publisher: "p",
    properties: [],
    ...more,
  };
}

function will(text: string, delaySeconds = 0): HeldWill {
  return { message: message("will", text), delaySeconds, properties: [] };
}

/** A connected client that keeps what it receives. */
class Client implements Peer {
  readonly version = "5.0";
  readonly receiveMaximum = 10;
  readonly topicAliasMaximum = 0;
  readonly congested = false;
  readonly got: string[] = [];
  readonly ended: string[] = [];
  session: Session | undefined;
  readonly #bench: Bench;

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  send(): boolean {
    return true;
  }

  deliver({ message, qos, retain, identifiers }: Delivery): void {
    const text = new TextDecoder().decode(message.payload);
    this.got.push([text, `q${qos}`, retain && "retain", ...identifiers].filter(Boolean).join(" "));
  }

  end(cause: CloseCause, reason?: number): void {
    this.ended.push(`${cause} ${reason?.toString(16)}`);
    this.close(cause);
  }

  /** Ends its connection. */
  close(cause: CloseCause): void {
    if (this.session) this.#bench.exchange.close(this.session, this, cause);
  }

  subscribe(filter: string, qos: QoS, more: Partial<Held> = {}) {
    assert.ok(this.session);
    const { noLocal = false, retainAsPublished = false, identifier } = more;
    const subscription = { filter, qos, noLocal, retainAsPublished, retainHandling: 0 as const };
    return this.#bench.exchange.subscribe(this.session, subscription, qos, identifier, true);
  }
}

class Bench implements Disposable {
  readonly exchange: Exchange;

  constructor(behaviour: Partial<BrokerBehaviour> = {}) {
    this.exchange = new Exchange({ ...RIGHT, aboutItself: [], ...behaviour }, LIMITS, () => 0);
  }

  /** Connects a client; `resumed` is undefined if it gets no session. */
  connect(
    clientId: string,
    { cleanStart = false, expirySeconds = Infinity, will }: {
      readonly cleanStart?: boolean;
      readonly expirySeconds?: number;
      readonly will?: HeldWill;
    } = {},
  ): Client & { readonly resumed: boolean | undefined } {
    const client = new Client(this);
    const opened = this.exchange.open({ clientId, cleanStart, expirySeconds, will, peer: client });
    client.session = opened?.session;
    return Object.assign(client, { resumed: opened?.resumed });
  }

  [Symbol.dispose](): void {
    this.exchange[Symbol.dispose]();
  }
}

Deno.test("a session is resumed unless the client starts clean, and ends with its connection if it has no expiry interval", () => {
  using bench = new Bench();
  const first = bench.connect("a");
  assert.equal(first.resumed, false);
  first.subscribe("t", 1);
  first.close("network");
  assert.equal(bench.exchange.has("a"), true);
  bench.exchange.publish(message("t", "zero"));
  bench.exchange.publish(message("t", "one", { qos: 1 }));
  const second = bench.connect("a");
  assert.equal(second.resumed, true);
  assert.equal(second.session, first.session);
  assert.deepEqual(second.session?.queue.all().map(({ qos }) => qos), [1]);
  second.close("disconnect");
  const third = bench.connect("a", { cleanStart: true, expirySeconds: 0 });
  assert.equal(third.resumed, false);
  assert.equal(third.session?.subscriptions.size, 0);
  assert.equal(bench.exchange.publish(message("t", "x")), 0);
  third.close("disconnect");
  assert.equal(bench.exchange.has("a"), false);
});

Deno.test("a second connection of a client id ends the first, whose later close changes nothing", () => {
  using bench = new Bench();
  const first = bench.connect("a");
  const second = bench.connect("a");
  assert.deepEqual(first.ended, ["takeover 8e"]);
  assert.equal(second.resumed, true);
  first.close("network");
  assert.equal(second.session?.peer, second);
});

Deno.test("no more sessions than the bound are kept, including stored ones", () => {
  using bench = new Bench();
  bench.connect("a").close("network");
  bench.connect("b");
  bench.connect("c");
  assert.equal(bench.connect("d").resumed, undefined);
  assert.equal(bench.connect("a").resumed, true);
});

Deno.test("a subscription beyond the bound is refused, one that replaces another is not", () => {
  using bench = new Bench();
  const client = bench.connect("a");
  assert.deepEqual(client.subscribe("t/1", 0), { existed: false });
  assert.deepEqual(client.subscribe("t/2", 0), { existed: false });
  assert.equal(client.subscribe("t/3", 0), undefined);
  assert.deepEqual(client.subscribe("t/2", 1), { existed: true });
});

Deno.test("a message reaches each session once, at the lower QoS and with all its subscription identifiers", () => {
  using bench = new Bench();
  const [a, b] = [bench.connect("a"), bench.connect("b")];
  a.subscribe("t/#", 0, { identifier: 1 });
  a.subscribe("t/+", 1, { identifier: 2 });
  b.subscribe("t/x", 2, { retainAsPublished: true });
  assert.equal(bench.exchange.publish(message("t/x", "m", { qos: 1, retain: true })), 2);
  assert.deepEqual([a.got, b.got], [["m q1 1 2"], ["m q1 retain"]]);
});

Deno.test("no-local does not deliver a message to its publisher", () => {
  using bench = new Bench();
  const [a, b] = [bench.connect("a"), bench.connect("b")];
  for (const one of [a, b]) one.subscribe("t", 0, { noLocal: true });
  assert.equal(bench.exchange.publish(message("t", "m", { publisher: "a", retain: true })), 1);
  assert.deepEqual([a.got, b.got], [[], ["m q0"]]);
  for (const one of [a, b]) if (one.session) bench.exchange.sendRetained(one.session, "t", true);
  assert.deepEqual([a.got, b.got], [[], ["m q0", "m q0 retain"]]);
  a.subscribe("t", 0);
  bench.exchange.publish(message("t", "own", { publisher: "a" }));
  assert.deepEqual(a.got, ["own q0"]);
});

Deno.test("a retained message is kept until an empty one clears it, and not sent to shared subscriptions", () => {
  using bench = new Bench();
  bench.exchange.publish(message("t/x", "kept", { qos: 2, retain: true }));
  bench.exchange.publish(message("t/x", "live"));
  const client = bench.connect("a");
  for (const filter of ["t/+", "$share/g/t/x"]) {
    client.subscribe(filter, 1);
    if (client.session) bench.exchange.sendRetained(client.session, filter, true);
  }
  assert.deepEqual(client.got, ["kept q1 retain"]);
  bench.exchange.publish(message("t/x", "", { retain: true }));
  assert.equal(bench.exchange.state().retained.length, 0);
});

Deno.test("a will is published when its connection is lost, and not after DISCONNECT", () => {
  using bench = new Bench();
  const reader = bench.connect("reader");
  reader.subscribe("will", 0);
  bench.connect("a", { will: will("ended") }).close("disconnect");
  bench.connect("a", { will: will("lost") }).close("network");
  bench.connect("a").close("network");
  assert.deepEqual(reader.got, ["lost q0"]);
});

Deno.test("a delayed will is published at the end of its session, or cancelled when the session is resumed", () => {
  using bench = new Bench();
  const reader = bench.connect("reader");
  reader.subscribe("will", 0);
  bench.connect("a", { will: will("called off", 3_600) }).close("network");
  bench.connect("a").close("network");
  bench.connect("a", { cleanStart: true });
  bench.connect("a", { will: will("due", 3_600) }).close("network");
  assert.deepEqual(reader.got, []);
  bench.connect("a", { cleanStart: true });
  assert.deepEqual(reader.got, ["due q0"]);
  // A session that is not kept does not delay its will.
  bench.connect("b", { will: will("at once", 3_600), expirySeconds: 0 }).close("network");
  assert.deepEqual(reader.got, ["due q0", "at once q0"]);
});

Deno.test("a refused CONNECT changes nothing, unless a defect says so", () => {
  const outcomes = (["nothing", "takeover", "clean", "will"] as const).map((refusedEffect) => {
    using bench = new Bench({ refusedEffect });
    const reader = bench.connect("reader");
    reader.subscribe("will", 0);
    const client = bench.connect("a");
    bench.exchange.refused("a", will("refused"));
    return [client.ended.length, bench.exchange.has("a"), reader.got.length];
  });
  assert.deepEqual(outcomes, [[0, true, 0], [1, true, 0], [0, false, 0], [0, true, 1]]);
});

Deno.test("the next broker begins with the state that the previous one handed over", () => {
  using bench = new Bench();
  const client = bench.connect("a");
  client.subscribe("t", 1);
  client.session?.received.set(7, undefined);
  client.close("stop");
  bench.exchange.publish(message("t", "waits", { qos: 1, retain: true }));
  using next = new Bench();
  next.exchange.restore(bench.exchange.state());
  assert.deepEqual(next.exchange.state(), bench.exchange.state());
  const again = next.connect("a");
  assert.equal(again.resumed, true);
  assert.deepEqual(again.session?.queue.all().map(({ qos }) => qos), [1]);
  assert.equal(next.exchange.publish(message("t", "live", { qos: 1 })), 1);
  assert.deepEqual(again.got, ["live q1"]);
});
