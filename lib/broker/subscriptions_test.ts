import assert from "node:assert/strict";
import { RIGHT } from "./right.ts";
import { type Held, Session } from "./session.ts";
import { SubscriptionTable } from "./subscriptions.ts";

function session(clientId: string): Session {
  return new Session(clientId, { messages: 10, bytes: 1_000, whenFull: "drop-newest" }, RIGHT.nextPacketId);
}

function held(session: Session, filter: string, more: Partial<Held> = {}): Held {
  return { session, filter, qos: 0, noLocal: false, retainAsPublished: false, shared: true, ...more };
}

/** Returns who gets a message, one delivery per line: the client id and the matching filters, sorted. */
function found(table: SubscriptionTable, topic: string): readonly string[] {
  return table.find(topic).map((list) =>
    `${list[0]?.session.clientId}: ${list.map(({ filter }) => filter).sort().join(" ")}`
  ).sort();
}

Deno.test("all matching subscriptions of a session make one delivery", () => {
  const table = new SubscriptionTable(RIGHT, true);
  const [a, b] = [session("a"), session("b")];
  for (const filter of ["t/x", "t/+", "t/#", "other"]) table.add(held(a, filter), true);
  table.add(held(b, "+/x"), true);
  assert.deepEqual(found(table, "t/x"), ["a: t/# t/+ t/x", "b: +/x"]);
  assert.deepEqual(found(table, "t"), ["a: t/#"]);
  assert.deepEqual(found(table, "none"), []);
});

Deno.test("a subscription replaces only one of the same session with the same filter", () => {
  const table = new SubscriptionTable(RIGHT, true);
  const [a, b] = [session("a"), session("b")];
  table.add(held(a, "t", { qos: 0 }), true);
  table.add(held(b, "t", { qos: 1 }), true);
  table.add(held(a, "t", { qos: 2 }), true);
  assert.deepEqual(table.find("t").map((list) => list.map(({ qos }) => qos)), [[2], [1]]);
  assert.equal(a.subscriptions.get("t")?.qos, 2);
});

Deno.test("remove() removes exactly one filter of one session, and returns whether it existed", () => {
  const table = new SubscriptionTable(RIGHT, true);
  const [a, b] = [session("a"), session("b")];
  for (const filter of ["t", "t/+", "$share/g/t"]) table.add(held(a, filter), true);
  table.add(held(b, "t"), true);
  assert.equal(table.remove(a, "t/x"), false);
  assert.equal(table.remove(a, "t"), true);
  assert.equal(table.remove(a, "t"), false);
  assert.deepEqual(found(table, "t"), ["a: $share/g/t", "b: t"]);
  table.removeAll(a);
  assert.equal(a.subscriptions.size, 0);
  assert.deepEqual(found(table, "t/x"), []);
  assert.deepEqual(found(table, "t"), ["b: t"]);
});

Deno.test("a shared subscription gives each message to one member in turn, in addition to the members' own filters", () => {
  const table = new SubscriptionTable(RIGHT, true);
  const [a, b] = [session("a"), session("b")];
  for (const one of [a, b]) table.add(held(one, "$share/g/t/+"), true);
  table.add(held(a, "t/x"), true);
  table.add(held(b, "$share/other/t/x"), true);
  const turns = [1, 2, 3].map(() => found(table, "t/x"));
  const other = "b: $share/other/t/x";
  assert.deepEqual(turns, [
    ["a: $share/g/t/+", "a: t/x", other],
    ["a: t/x", "b: $share/g/t/+", other],
    ["a: $share/g/t/+", "a: t/x", other],
  ]);
});

Deno.test("$share is an ordinary topic level in versions without shared subscriptions", () => {
  const table = new SubscriptionTable(RIGHT, true);
  table.add(held(session("a"), "$share/g/t", { shared: false }), false);
  assert.deepEqual(found(table, "t"), []);
  assert.deepEqual(found(table, "$share/g/t"), ["a: $share/g/t"]);
});

Deno.test("a broker with its own comparison is also asked about filters without wildcards", () => {
  const matches = (filter: string, topic: string) => filter.toLowerCase() === topic.toLowerCase();
  const table = new SubscriptionTable({ ...RIGHT, matches }, false);
  table.add(held(session("a"), "T/X"), true);
  assert.deepEqual(found(table, "t/x"), ["a: T/X"]);
});
