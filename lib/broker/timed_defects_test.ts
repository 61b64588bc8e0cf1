import assert from "node:assert/strict";
import { defective } from "./defects.ts";
import { EXPIRY_DEFECTS } from "./defects/expiring.ts";
import { TIMER_DEFECTS } from "./defects/timers.ts";
import { Exchange } from "./exchange.ts";
import { expiresAt, type Message } from "./message.ts";
import { RIGHT } from "./right.ts";
import type { Peer } from "./session.ts";

const LIMITS = {
  sessions: 10,
  subscriptionsPerSession: 10,
  queuedMessages: 10,
  queuedBytes: 1_000,
  retainedMessages: 10,
  retainedBytes: 1_000,
};

function message(seconds: number, more: Partial<Message> = {}): Message {
  const properties = [{ name: "messageExpiryInterval", value: seconds }] as const;
  return {
    topic: "t",
    payload: new Uint8Array(),
    qos: 1,
    retain: false,
    dup: false,
    publisher: "a",
    properties: [],
    expiresAt: expiresAt(properties, performance.now()),
    ...more,
  };
}

/** A client that accepts every message. */
function peer(got: string[] = []): Peer {
  return {
    version: "5.0",
    receiveMaximum: 10,
    topicAliasMaximum: 0,
    congested: false,
    send: () => true,
    deliver: ({ message: { topic } }) => void got.push(topic),
    end: () => {},
  };
}

/** A client leaves with a delayed will, and starts clean; returns whether the will is published then. */
function cleanStartAfterWill(defect?: string): readonly string[] {
  using exchange = new Exchange(defect ? defective([defect]) : RIGHT, LIMITS, () => performance.now());
  const got: string[] = [];
  const watcher = exchange.open({
    clientId: "watcher",
    cleanStart: true,
    expirySeconds: 0,
    will: undefined,
    peer: peer(got),
  });
  assert.ok(watcher);
  const subscription = {
    filter: "will",
    qos: 0,
    noLocal: false,
    retainAsPublished: false,
    retainHandling: 0,
  } as const;
  exchange.subscribe(watcher.session, subscription, 0, undefined, true);
  const mine = peer();
  const left = exchange.open({
    clientId: "a",
    cleanStart: true,
    expirySeconds: 100,
    will: { message: message(100, { topic: "will" }), delaySeconds: 50, properties: [] },
    peer: mine,
  });
  assert.ok(left);
  exchange.close(left.session, mine, "network");
  exchange.open({ clientId: "a", cleanStart: true, expirySeconds: 0, will: undefined, peer: peer() });
  return got;
}

Deno.test("a delayed will is published when its session ends, except with defects that change this", () => {
  assert.deepEqual(cleanStartAfterWill(), ["will"]);
  assert.deepEqual(cleanStartAfterWill("held-will-lost-with-session"), []);
  assert.deepEqual(cleanStartAfterWill("held-will-outlives-session"), []);
});

Deno.test("defects of the Message Expiry Interval decide differently from the correct broker", () => {
  const one = message(120);
  const delivery = { message: one, qos: 1, retain: false, identifiers: [] } as const;
  assert.equal(RIGHT.secondsLeft(90, delivery), 90);
  const queued = defective(["queued-expiry-unchanged"]);
  assert.equal(queued.secondsLeft(90, delivery), 90);
  const kept = defective(["retained-expiry-unchanged"]);
  assert.deepEqual(kept.retained(one), one);
  assert.equal(kept.secondsLeft(90, delivery), 90);
  assert.equal(kept.secondsLeft(90, { ...delivery, retain: true }), 120);
  assert.equal(defective(["expiry-of-31-bits"]).secondsLeft(0x8000_0005, delivery), 5);
  assert.deepEqual([RIGHT.dropsExpired("queue"), RIGHT.dropsExpired("store")], [true, true]);
  const sentFromQueue = defective(["expired-in-queue-sent"]);
  assert.deepEqual([sentFromQueue.dropsExpired("queue"), sentFromQueue.dropsExpired("store")], [false, true]);
  const sentFromStore = defective(["expired-retained-sent"]);
  assert.deepEqual([sentFromStore.dropsExpired("queue"), sentFromStore.dropsExpired("store")], [true, false]);
  assert.deepEqual([RIGHT.expiredMakesRoom, defective(["expired-takes-a-place"]).expiredMakesRoom], [
    true,
    false,
  ]);
  const inherited = defective(["expiry-inherited"]);
  inherited.retains(message(0, { retain: true, expiresAt: undefined }), one);
  assert.equal(inherited.retained(message(0, { expiresAt: undefined })).expiresAt, one.expiresAt);
});

Deno.test("defects add a Message Expiry Interval where there is none, and remove it", () => {
  const packet = {
    type: "PUBLISH",
    topic: "t",
    properties: [{ name: "messageExpiryInterval", value: 5 }],
  } as const;
  assert.deepEqual(defective(["expiry-lost"]).outgoing(packet, "5.0"), [{ ...packet, properties: [] }]);
  const added = defective(["expiry-added"]);
  assert.deepEqual(added.outgoing(packet, "5.0"), [packet]);
  const [with5] = added.outgoing({ type: "PUBLISH", topic: "t" }, "5.0");
  assert.deepEqual(with5, {
    type: "PUBLISH",
    topic: "t",
    properties: [{ name: "messageExpiryInterval", value: 3600 }],
  });
});

Deno.test("every defect of timers changes a decision", () => {
  for (const { id } of [...TIMER_DEFECTS, ...EXPIRY_DEFECTS]) {
    assert.notDeepEqual(defective([id]), RIGHT, id);
  }
});
