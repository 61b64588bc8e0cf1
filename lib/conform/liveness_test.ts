import assert from "node:assert/strict";
import { addressTarget, brokerSuite, judge, verdicts } from "./test_bench.ts";
import { Played, polite } from "./test_broker.ts";

const suite = (names: readonly string[]) =>
  brokerSuite(
    names.map((name) => `
  - case: ${name}
    purpose: it MUST answer
    use: { connected: { lane: c } }
    steps: [c -> PUBLISH: { topic: $topic, payload: ${name} }, wait: 50ms, c -> PINGREQ, c <- PINGRESP]
`).join(""),
  );

const payloadOf = (payload: Uint8Array) => new TextDecoder().decode(payload);

Deno.test("a broker that was away once is waited for, and the cases that ran meanwhile pass when run again", async () => {
  let once = true;
  await using broker = new Played((packet) => {
    if (packet.type === "PUBLISH" && payloadOf(packet.payload) === "b" && once) {
      once = false;
      broker.goAway(300);
    }
    return polite(packet);
  });
  const names = ["a", "b", "c", "d", "e", "f"];
  const judged = await judge(await suite(names), addressTarget(broker.port, { backMs: 10_000 }), { jobs: 3 });
  assert.deepEqual(verdicts(judged), Object.fromEntries(names.map((name) => [name, "pass"])));
  assert.equal(judged.exit, 0);
});

Deno.test("a case that brings the broker down alone too has failed, and the others are judged", async () => {
  await using broker = new Played((packet) => {
    if (packet.type === "PUBLISH" && payloadOf(packet.payload) === "b") broker.goAway(300);
    return polite(packet);
  });
  const judged = await judge(
    await suite(["a", "b", "c", "d"]),
    addressTarget(broker.port, { backMs: 10_000 }),
    { jobs: 2 },
  );
  const { b, ...others } = verdicts(judged);
  assert.match(b ?? "", /^fail: The target went down: The connection was closed/);
  assert.deepEqual(others, { a: "pass", c: "pass", d: "pass" });
  assert.equal(judged.exit, 1);
});
