import assert from "node:assert/strict";
import { brokerSuite, judge, referenceTarget, verdicts } from "./test_bench.ts";

Deno.test("drop by rst resets the connection, so that the will is published, so that the will is published", async () => {
  const judged = await judge(
    await brokerSuite(`
  - case: will
    purpose: the will MUST be published when the connection is cut
    use: { subscribed: { lane: sub } }
    steps:
      - c -> CONNECT: { will: { topic: $topic, payload: gone } }
      - c <- CONNACK: { reason: 0 }
      - drop: { lane: c, how: rst }
      - sub <- PUBLISH: { topic: $topic, payload: gone }
      - sub <- nothing
`),
  );
  assert.deepEqual(verdicts(judged), { will: "pass" });
});

Deno.test("a case that passes its limit is an error, not a failure of the target", async () => {
  const judged = await judge(
    await brokerSuite(`
  - case: waiting
    purpose: a wait MUST end
    limit: 60ms
    use: { connected: { lane: c } }
    steps:
      - wait: 1h
  - case: expecting
    purpose: an expectation MUST end
    limit: 60ms
    use: { connected: { lane: c } }
    steps:
      - c <- PUBLISH: { within: 1h }
`),
  );
  const reason = "error: The case did not end within its limit of 60 ms (3 of 3 alone)";
  assert.deepEqual(verdicts(judged), { waiting: reason, expecting: reason });
  assert.equal(judged.exit, 3);
});

Deno.test("a repeated run shuffles its cases by the seed, and counts the iterations", async () => {
  const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const suite = await brokerSuite(
    names.map((name) => `  - { case: ${name}, purpose: it MUST answer, steps: [c -> CONNECT, c <- CONNACK] }`)
      .join("\n"),
  );
  const order = async (seed: number) => {
    const { cases } = await judge(suite, referenceTarget(), { seed, repeat: 2, jobs: 1 });
    return cases.map(({ id, iteration }) => `${iteration} ${id}`);
  };
  const first = await order(7);
  assert.equal(first.length, 16);
  assert.deepEqual(first.slice(0, 8).map((one) => one.slice(0, 2)), Array(8).fill("1 "));
  assert.notDeepEqual(
    first.slice(0, 8).map((one) => one.slice(2)),
    first.slice(8).map((one) => one.slice(2)),
  );
  assert.deepEqual(await order(7), first);
  assert.notDeepEqual(await order(8), first);
});

Deno.test("a counted list makes its items, each with its number", async () => {
  const suite = await brokerSuite(`
  - case: counted
    purpose: each MUST be granted and delivered
    use: { connected: { lane: c } }
    steps:
      - c -> SUBSCRIBE: { packetId: 5, subscriptions: { each: { filter: $topic/$i, qos: 0 }, times: 30, as: i } }
      - c <- SUBACK: { packetId: 5, reasons: { each: 0, times: 30 } }
      - c -> packets: { each: { PUBLISH: { topic: $topic/$n, payload: "no. $n" } }, times: 30, as: n }
      - repeat: { times: 30, as: i, steps: [c <- PUBLISH: { topic: $topic/$i, payload: "no. $i" }] }
      - c -> UNSUBSCRIBE: { packetId: 6, filters: { each: $topic/$i, times: 30, as: i } }
      - c <- UNSUBACK: { packetId: 6 }
      - c <- nothing
`);
  assert.deepEqual(verdicts(await judge(suite)), { counted: "pass" });
  const one = await judge(suite, referenceTarget(["suback-one-code"]));
  assert.match(verdicts(one).counted ?? "", /^fail: SUBACK .* breaks MQTT-3\.8\.4-5: /);
});

Deno.test("a delivery with a packet id that its client has not acknowledged fails whatever the case is about", async () => {
  const suite = await brokerSuite(`
  - case: two
    purpose: both MUST come
    covers: [MQTT-4.3.2-1]
    use: { subscribed: { lane: sub, qos: 1 }, connected: { lane: pub } }
    steps:
      - pub -> packets: [PUBLISH: { topic: $topic, qos: 1, packetId: 1, payload: a }, PUBLISH: { topic: $topic, qos: 1, packetId: 2, payload: b }]
      - all: [pub <- PUBACK: { packetId: 1 }, pub <- PUBACK: { packetId: 2 }]
      - sub <- PUBLISH: { payload: a }
      - sub <- PUBLISH: { payload: b }
`);
  assert.deepEqual(verdicts(await judge(suite)), { two: "pass" });
  const reused = await judge(suite, referenceTarget(["packet-id-reused"]));
  assert.match(
    verdicts(reused).two ?? "",
    /^fail: PUBLISH q1 id=1 .* breaks MQTT-2\.3\.1-4: .*packet id 1/,
  );
  assert.ok(reused.cases[0]?.ended?.failure?.clauses.some(({ clause }) => clause === "MQTT-2.3.1-4"));
});
