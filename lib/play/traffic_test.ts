import assert from "node:assert/strict";
import type { PublishPacket } from "../mqtt/packet.ts";
import { fence, LaneFences } from "./fence.ts";
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

Deno.test("another topic is foreign where a filter lets it in, and a wrong delivery where none does", () => {
  const traffic = new Traffic("attest/abc", "abc");
  assert.equal(traffic.isForeign(publish("a/b"), ["+/b"]), true);
  assert.equal(traffic.isForeign(publish("a/b"), ["c/#", "a/+"]), true);
  assert.equal(traffic.isForeign(publish("a/b"), ["a/c"]), false);
  assert.equal(traffic.isForeign(publish("a/b"), []), false);
});

Deno.test("what others have retained is foreign whether a filter lets it in or not", () => {
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

Deno.test("a fence has a topic and a packet id of its own, below the case's topics", () => {
  const traffic = new Traffic("attest/abc", "abc");
  const [first, second] = [fence(0, traffic), fence(1, traffic)];
  assert.notDeepEqual(first, second);
  assert.ok(first.packetId >= 64_000 && fence(999, traffic).packetId <= 65_535);
  assert.equal(traffic.isFence(first.topic), true);
  assert.equal(traffic.isFence("attest/abc/fence"), false);
  assert.equal(new Traffic("attest/abd", "abd").isFence(first.topic), false);
});

Deno.test("a lane answers the packets of its fences only", () => {
  const sent: unknown[] = [];
  using fences = new LaneFences((draft) => void sent.push(draft));
  const one = fence(0, new Traffic("attest/abc", "abc"));
  fences.join(one);
  const ack = (type: "PUBACK" | "PUBREC" | "PUBCOMP", packetId: number) =>
    fences.intercept({ type, packetId, reason: 0, properties: [] });
  assert.equal(ack("PUBREC", one.packetId), true);
  assert.deepEqual(sent, [{ type: "PUBREL", packetId: one.packetId }]);
  assert.equal(ack("PUBCOMP", one.packetId), true);
  assert.equal(ack("PUBACK", one.packetId), true);
  assert.equal(ack("PUBREC", 7), false);
  assert.equal(fences.intercept({ type: "SUBACK", packetId: 7, reasons: [0], properties: [] }), false);
  assert.equal(fences.intercept({ type: "PINGRESP" }), false);
});

Deno.test("a fence is waited for until it arrives, is refused, or the connection or the case ends", async () => {
  const signal = new AbortController();
  using fences = new LaneFences(() => {});
  const traffic = new Traffic("attest/abc", "abc");
  const wait = (number: number, stage: "suback" | "publish") =>
    fences.wait(fence(number, traffic), stage, 60_000, signal.signal);
  const [granted, refused, arrived, cut] = [
    wait(0, "suback"),
    wait(1, "suback"),
    wait(2, "publish"),
    wait(3, "publish"),
  ];
  fences.intercept({ type: "SUBACK", packetId: fence(0, traffic).packetId, reasons: [2], properties: [] });
  fences.intercept({ type: "SUBACK", packetId: fence(1, traffic).packetId, reasons: [0x80], properties: [] });
  fences.arrived(fence(2, traffic).topic);
  assert.equal(await granted, undefined);
  assert.equal(await refused, "The fence's subscription was refused");
  assert.equal(await arrived, undefined);
  fences.closed();
  assert.equal(await cut, "The connection was closed before the fence");
  const ended = wait(4, "publish");
  signal.abort();
  assert.equal(await ended, "The case was ended");
  assert.equal(await wait(5, "publish"), "The case was ended");
});
