import assert from "node:assert/strict";
import type { PublishPacket } from "../mqtt/packet.ts";
import { Traffic } from "./traffic.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const publish = (topic: string, payload = "x"): PublishPacket => ({
  type: "PUBLISH",
  topic,
  payload: bytes(payload),
  qos: 0,
  retain: false,
  dup: false,
  properties: [],
});

Deno.test("what is below the case's own topics is never foreign", () => {
  const traffic = new Traffic("attest/abc", "abc");
  assert.equal(traffic.isForeign(publish("attest/abc"), ["#"]), false);
  assert.equal(traffic.isForeign(publish("attest/abc/x/y"), ["#"]), false);
  assert.equal(traffic.isForeign(publish("attest/abcd"), ["#"]), true);
});

Deno.test("another topic is foreign if a filter matches it, and a wrong delivery if none does", () => {
  const traffic = new Traffic("attest/abc", "abc");
  assert.equal(traffic.isForeign(publish("a/b"), ["+/b"]), true);
  assert.equal(traffic.isForeign(publish("a/b"), ["c/#", "a/+"]), true);
  assert.equal(traffic.isForeign(publish("a/b"), ["a/c"]), false);
  assert.equal(traffic.isForeign(publish("a/b"), []), false);
});

Deno.test("messages retained by others are foreign whether a filter matches or not", () => {
  const traffic = new Traffic("attest/abc", "abc");
  traffic.published("/mine", bytes("mine"), true);
  assert.equal(traffic.isForeign({ ...publish("a/b"), retain: true }, ["/#"]), true);
  assert.equal(traffic.isForeign({ ...publish("/mine", "mine"), retain: true }, ["+"]), false);
  assert.equal(traffic.isForeign({ ...publish("attest/abc/d"), retain: true }, ["+"]), false);
});

Deno.test("a message that the case itself published elsewhere is its own, by its payload or the case's mark", () => {
  const traffic = new Traffic("attest/abc", "abc");
  traffic.published("a/b", bytes("mine"), false);
  assert.equal(traffic.isForeign(publish("a/b", "mine"), ["#"]), false);
  assert.equal(traffic.isForeign(publish("a/b", "another's"), ["#"]), true);
  assert.equal(traffic.isForeign(publish("c/d", "carries abc in it"), ["#"]), false);
  assert.equal(traffic.isForeign(publish("c/d", "carries ab c in it"), ["#"]), true);
});

Deno.test("topics with a retained message are remembered for the clean-up", () => {
  const traffic = new Traffic("attest/abc", "abc");
  traffic.published("attest/abc", bytes("x"), true);
  traffic.published("attest/abc/y", bytes("x"), false);
  traffic.published("elsewhere", bytes("x"), true);
  assert.deepEqual([...traffic.retained], ["attest/abc", "elsewhere"]);
});

Deno.test("fences differ from the case's own topics and from another case's fences", () => {
  const traffic = new Traffic("attest/abc", "abc");
  const topic = traffic.fenceTopic(0);
  assert.notEqual(topic, traffic.fenceTopic(1));
  assert.equal(traffic.isFence(topic), true);
  assert.equal(traffic.isFence("attest/abc/fence"), false);
  assert.equal(new Traffic("attest/abd", "abd").isFence(topic), false);
});

Deno.test("the number of remembered messages per topic is limited, so a flood cannot fill the memory", () => {
  const traffic = new Traffic("attest/abc", "abc");
  for (let at = 0; at <= 1_000; at++) traffic.published("a/b", bytes(`no. ${at}`), false);
  assert.equal(traffic.isForeign(publish("a/b", "no. 999"), ["#"]), false);
  assert.equal(traffic.isForeign(publish("a/b", "no. 1000"), ["#"]), true);
});
