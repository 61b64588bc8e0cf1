import assert from "node:assert/strict";
import type { Message } from "./message.ts";
import { RetainedStore } from "./retained.ts";

function message(topic: string, text = "", expiresAt?: number): Message {
  return {
    topic,
    payload: new TextEncoder().encode(text),
    qos: 0,
    retain: true,
    dup: false,
    publisher: "p",
    properties: [],
    expiresAt,
  };
}

const ALL = () => true;
const topics = (messages: readonly Message[]) => messages.map(({ topic }) => topic);

Deno.test("a topic has one retained message, the last one that was stored", () => {
  const store = new RetainedStore({ messages: 2, bytes: 100 });
  const last = message("a", "two");
  assert.equal(store.store(message("a", "one")), true);
  assert.equal(store.store(last), true);
  assert.equal(store.size, 1);
  assert.equal(store.get("a"), last);
  assert.deepEqual(store.find("a", 0), [last]);
  assert.deepEqual(store.find("b", 0), []);
});

Deno.test("a store that is full by number or by bytes stores nothing more until a message is removed", () => {
  for (const limits of [{ messages: 1, bytes: 100 }, { messages: 9, bytes: 5 }]) {
    const store = new RetainedStore(limits);
    assert.equal(store.store(message("a", "1234")), true);
    assert.equal(store.store(message("b", "")), false);
    // A message of the same topic replaces it.
    assert.equal(store.store(message("a", "5678")), true);
    store.clear("a");
    assert.equal(store.size, 0);
    assert.equal(store.store(message("b", "1234")), true);
  }
});

Deno.test("the bounds are read for each message, because a quirk may change them", () => {
  let messages = 1;
  const store = new RetainedStore({
    get messages() {
      return messages;
    },
    bytes: 100,
  });
  store.store(message("a"));
  assert.equal(store.store(message("b")), false);
  messages = 2;
  assert.equal(store.store(message("b")), true);
});

Deno.test("find() returns what a function matches, and removes expired messages", () => {
  const store = new RetainedStore({ messages: 9, bytes: 100 });
  for (const one of [message("a/1"), message("a/2", "", 1_000), message("b")]) store.store(one);
  assert.deepEqual(topics(store.find((topic) => topic.startsWith("a/"), 999)), ["a/1", "a/2"]);
  assert.deepEqual(topics(store.find(ALL, 1_000)), ["a/1", "b"]);
  assert.equal(store.size, 2);
  store.store(message("c", "", 2_000));
  assert.deepEqual(store.find("c", 2_001), []);
  assert.equal(store.get("c"), undefined);
});

Deno.test("clear() of a topic without a message changes nothing", () => {
  const store = new RetainedStore({ messages: 9, bytes: 2 });
  store.store(message("a", "1"));
  store.clear("b");
  assert.equal(store.size, 1);
  assert.equal(store.store(message("c")), false);
});
