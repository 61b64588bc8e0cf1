import assert from "node:assert/strict";
import { brokerSuite, chartOf, judge, referenceTarget, suiteOf, verdicts } from "./test_bench.ts";

Deno.test("all takes its packets in any order, and no more than one each", async () => {
  const suite = await brokerSuite(`
  - case: any-order
    purpose: acknowledgements MAY come in any order
    use: { subscribed: { lane: sub, qos: 0 }, connected: { lane: pub } }
    steps:
      - pub -> packets:
          - PUBLISH: { topic: $topic, qos: 1, packetId: 1, payload: a }
          - PUBLISH: { topic: $topic, qos: 1, packetId: 2, payload: b }
      - all:
          - sub <- PUBLISH: { payload: b }
          - pub <- PUBACK: { packetId: 2 }
          - sub <- PUBLISH: { payload: a }
          - pub <- PUBACK: { packetId: 1 }
      - sub <- nothing
      - pub <- nothing
`);
  assert.deepEqual(verdicts(await judge(suite)), { "any-order": "pass" });
  const lost = await judge(suite, referenceTarget(["puback-lost"], { withinMs: 80 }));
  assert.match(verdicts(lost)["any-order"] ?? "", /^fail: Nothing came within \d+ ms, expected PUBACK/);
});

Deno.test("repeat counts from 1 and runs its steps so often", async () => {
  const judged = await judge(
    await brokerSuite(`
  - case: often
    purpose: each message MUST be acknowledged
    use: { connected: { lane: pub } }
    steps:
      - repeat:
          times: 5
          as: i
          steps:
            - pub -> PUBLISH: { topic: $topic/$i, qos: 1, packetId: $i }
            - pub <- PUBACK: { packetId: $i }
      - pub <- nothing
`),
  );
  assert.deepEqual(verdicts(judged), {
    often: "pass",
  });
  const ids = chartOf(judged, "often").filter(({ text }) => text.startsWith("PUBACK")).map(({ text }) =>
    text
  );
  assert.deepEqual(ids.slice(0, 5), [
    "PUBACK id=1",
    "PUBACK id=2",
    "PUBACK id=3",
    "PUBACK id=4",
    "PUBACK id=5",
  ]);
});

Deno.test("repeat refuses a count that no case should have", async () => {
  const suite = await suiteOf(`
suite: demo
title: Demo
protocols: ["3.1.1"]
values: { n: 3 }
cases:
  - case: often
    purpose: the broker MUST answer
    use: { connected: { lane: c } }
    steps:
      - repeat: { times: $n, steps: [c -> PINGREQ, c <- PINGRESP] }
`);
  const count = { kind: "literal", source: "", place: { file: "", line: 1, column: 1, length: 1 } } as const;
  const by = (value: number) =>
    judge(suite, referenceTarget(), { values: new Map([["n", { ...count, value }]]) });
  assert.deepEqual(verdicts(await by(2)), { often: "pass" });
  for (const value of [-1, 1.5, 100_001]) {
    assert.deepEqual(verdicts(await by(value)), {
      often: `error: A step can't be repeated ${value} times; 0 to 100000 are possible`,
    });
  }
});

Deno.test("one of takes any of its outcomes, a close too, and lists them all when it is none", async () => {
  const suite = await brokerSuite(
    `
  - case: refused
    purpose: a second CONNECT MUST end the connection
    breaks: [second-connect]
    use: { connected: { lane: c } }
    steps:
      - c -> CONNECT
      - c <- one of: [{ DISCONNECT: { reason: 0x82 } }, closed]
`,
    '["3.1.1", "5.0"]',
  );
  const right = await judge(suite);
  assert.deepEqual(right.cases.map(({ protocol, ended }) => [protocol, ended?.verdict]), [
    ["3.1.1", "pass"],
    ["5.0", "pass"],
  ]);
  const wrong = await judge(suite, referenceTarget(["second-connect-answered"]));
  assert.match(
    wrong.cases[0]?.ended?.reason ?? "",
    /^Unexpected CONNACK 0.*, expected DISCONNECT with reason 130, or a closed connection$/,
  );
});

Deno.test("drop cuts the connection without DISCONNECT, so that the will is published", async () => {
  const judged = await judge(
    await brokerSuite(`
  - case: will
    purpose: the will MUST be published when the connection is cut
    use: { subscribed: { lane: sub } }
    steps:
      - c -> CONNECT: { will: { topic: $topic, payload: gone } }
      - c <- CONNACK: { reason: 0 }
      - drop: c
      - sub <- PUBLISH: { topic: $topic, payload: gone }
      - sub <- nothing
`),
  );
  assert.deepEqual(verdicts(judged), { will: "pass" });
});

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

Deno.test("wait and nothing within are waits, and what comes meanwhile is a failure", async () => {
  const suite = await brokerSuite(`
  - case: quiet
    purpose: the broker MUST stay quiet before CONNECT
    steps:
      - open: c
      - c <- nothing: { within: 40ms }
      - wait: 10ms
      - c -> CONNECT
      - c <- CONNACK
  - case: loud
    purpose: the broker MUST stay quiet after CONNACK
    use: { connected: { lane: c } }
    steps:
      - c -> PINGREQ
      - c <- nothing: { within: 2s }
`);
  assert.deepEqual(verdicts(await judge(suite)), {
    quiet: "pass",
    loud: "fail: Unexpected PINGRESP, expected nothing",
  });
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

Deno.test("a list within all is met in its order, and lists in any order to each other", async () => {
  const order = (second: string, third: string) =>
    brokerSuite(`
  - case: lists
    purpose: those of one QoS MUST come in order
    use: { subscribed: { lane: sub, qos: 1 }, connected: { lane: pub } }
    steps:
      - pub -> packets: [PUBLISH: { topic: $topic, payload: a1 }, PUBLISH: { topic: $topic, qos: 1, packetId: 1, payload: b }, PUBLISH: { topic: $topic, payload: a2 }]
      - all:
          - sub <- PUBLISH: { payload: b, as: got }
          - [sub <- PUBLISH: { payload: ${second} }, sub <- PUBLISH: { payload: ${third} }]
          - pub <- PUBACK: { packetId: 1 }
      - sub -> PUBACK: { packetId: $got.packetId }
      - sub <- nothing
`);
  assert.deepEqual(verdicts(await judge(await order("a1", "a2"))), { lists: "pass" });
  const wrong = await judge(await order("a2", "a1"));
  assert.match(
    verdicts(wrong).lists ?? "",
    /^fail: PUBLISH payload is "b", expected|^fail: PUBLISH payload is "a1"/,
  );
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
