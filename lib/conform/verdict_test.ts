import assert from "node:assert/strict";
import { addressTarget, brokerSuite, chartOf, judge, referenceTarget, verdicts } from "./test_bench.ts";
import { Played, polite } from "./test_broker.ts";

const ACKNOWLEDGED = `
  - case: acknowledged
    purpose: a PUBLISH at QoS 1 MUST be acknowledged
    covers: { "3.1.1": [MQTT-4.3.2-2] }
    use: { connected: { lane: pub } }
    steps:
      - pub -> PUBLISH: { topic: $topic, qos: 1, packetId: 7, payload: hello }
      - pub <- PUBACK: { packetId: 7 }
      - pub <- nothing
`;

const UNEXPECTED = `
  - case: unexpected
    purpose: nothing MUST come
    use: { connected: { lane: pub } }
    steps:
      - pub -> PINGREQ
      - pub <- nothing
`;

Deno.test("a right broker passes, and the run ends with 0", async () => {
  const judged = await judge(await brokerSuite(ACKNOWLEDGED));
  assert.deepEqual(verdicts(judged), { acknowledged: "pass" });
  assert.equal(judged.exit, 0);
  assert.equal(judged.events[0]?.kind, "run-started");
  assert.equal(judged.events.at(-1)?.kind, "run-ended");
});

Deno.test("a wrong field is a failure that says what came, what was due and which clause asks for it", async () => {
  const judged = await judge(
    await brokerSuite(ACKNOWLEDGED.replace("<- PUBACK: { packetId: 7 }", "<- PUBACK: { packetId: 9 }")),
  );
  const failure = judged.cases[0]?.ended?.failure;
  assert.equal(judged.cases[0]?.ended?.verdict, "fail");
  assert.match(failure?.message ?? "", /^PUBACK packetId is 7, expected 9$/);
  assert.equal(failure?.source, "pub <- PUBACK: { packetId: 9 }");
  assert.equal(failure?.expected, "PUBACK with packetId 9");
  assert.match(failure?.got ?? "", /^PUBACK id=\d+/);
  assert.match(failure?.hex ?? "", /^4002/);
  assert.deepEqual(failure?.clauses.map(({ clause }) => clause), ["MQTT-4.3.2-2"]);
  assert.ok((failure?.clauses[0]?.text ?? "").length > 10);
  assert.match(failure?.variables.topic ?? "", /^attest\//);
  assert.equal(judged.exit, 1);
});

Deno.test("a packet that does not come is a failure after the time that a step waits", async () => {
  const judged = await judge(
    await brokerSuite(ACKNOWLEDGED),
    referenceTarget(["puback-lost"], { withinMs: 80 }),
  );
  assert.deepEqual(verdicts(judged), {
    acknowledged: "fail: Nothing came within 80 ms, expected PUBACK with packetId 7",
  });
});

Deno.test("a packet that no step expects is a failure", async () => {
  const judged = await judge(await brokerSuite(UNEXPECTED));
  assert.deepEqual(verdicts(judged), { unexpected: "fail: Unexpected PINGRESP, expected nothing" });
});

Deno.test("what is left over when the steps end is a failure", async () => {
  const judged = await judge(
    await brokerSuite(`
  - case: left
    purpose: nothing MUST come twice
    use: { connected: { lane: pub } }
    steps:
      - pub -> PINGREQ
      - wait: 50ms
`),
  );
  assert.deepEqual(verdicts(judged), {
    left: "fail: Unexpected PINGRESP, expected nothing after the last step",
  });
});

Deno.test("a broken encoding rule fails a case that looks for something else, and names its clause", async () => {
  const judged = await judge(
    await brokerSuite(`
  - case: subscribed
    purpose: a subscription MUST be acknowledged
    covers: { "3.1.1": [MQTT-3.8.4-1] }
    use: { connected: { lane: sub } }
    steps:
      - sub -> SUBSCRIBE: { packetId: 7, filter: $topic, qos: 0 }
      - sub <- SUBACK: { packetId: 7 }
`),
    referenceTarget(["reserved-flags-in-answers"]),
  );
  const ended = judged.cases[0]?.ended;
  assert.equal(ended?.verdict, "fail");
  assert.match(ended?.reason ?? "", /MQTT-2\.2\.2-1.* \(byte 0\)/);
  assert.ok(ended?.failure?.clauses.some(({ clause }) => clause === "MQTT-2.2.2-1"), ended?.reason);
  const marked = chartOf(judged, "subscribed").flatMap(({ violations }) => violations ?? []);
  assert.match(marked[0] ?? "", /^MQTT-2\.2\.2-1: .* \(byte 0\)$/);
});

Deno.test("an opening that is not met makes a case inconclusive", async () => {
  const judged = await judge(
    await brokerSuite(ACKNOWLEDGED),
    referenceTarget(["connack-lost"], { withinMs: 80 }),
  );
  assert.deepEqual(verdicts(judged), {
    acknowledged:
      'inconclusive: The opening "connected" was not met: Nothing came within 80 ms, expected CONNACK with reason 0',
  });
  assert.equal(judged.exit, 1);
});

Deno.test("a missed SHOULD or MAY passes with a warning, with the failure for the reader", async () => {
  const levels = (level: string) => UNEXPECTED.replace("    use:", `    level: ${level}\n    use:`);
  for (const level of ["should", "may"]) {
    const judged = await judge(await brokerSuite(levels(level)));
    const ended = judged.cases[0]?.ended;
    assert.equal(ended?.verdict, "pass");
    assert.equal(
      ended?.warnings[0],
      `A ${level.toUpperCase()} was not met: Unexpected PINGRESP, expected nothing (test.yaml:12)`,
    );
    assert.equal(ended?.failure?.line, 12);
    assert.equal(judged.exit, 0);
  }
});

Deno.test("a rule that every packet is held to is a MUST in a case about a SHOULD too", async () => {
  const suite = await brokerSuite(ACKNOWLEDGED.replace("    use:", "    level: should\n    use:"));
  const judged = await judge(suite, referenceTarget(["puback-doubled"]));
  assert.match(verdicts(judged).acknowledged ?? "", /^fail: PUBACK id=7 breaks MQTT-2\.3\.1-6: /);
});

Deno.test("what breaks a rule that the case does not name is never sent", async () => {
  const steps = ACKNOWLEDGED.replace("topic: $topic,", "topic: $topic/+,");
  const refused = verdicts(await judge(await brokerSuite(steps))).acknowledged ?? "";
  assert.match(refused, /^error: The step breaks a rule that the case does not name: MQTT-3\.3\.2-2: /);
  assert.match(refused, /add breaks: \[topic-wildcard\]$/);
  for (const named of ["topic-wildcard", "MQTT-3.3.2-2"]) {
    const suite = await brokerSuite(steps.replace("    use:", `    breaks: [${named}]\n    use:`));
    assert.match(verdicts(await judge(suite)).acknowledged ?? "", /^fail: The connection was closed/);
  }
});

Deno.test("a case that the target does not claim is skipped, also one in a protocol that it does not speak", async () => {
  const suite = await brokerSuite(ACKNOWLEDGED.replace("    use:", "    requires: [qos1]\n    use:"));
  const without = await judge(suite, referenceTarget([], { supports: [] }));
  assert.deepEqual(verdicts(without), { acknowledged: 'skip: The target does not claim "qos1"' });
  assert.equal(without.exit, 0);
  const other = await judge(suite, referenceTarget([], { protocols: ["5.0"] }));
  assert.deepEqual(verdicts(other), { acknowledged: "skip: The target does not speak MQTT 3.1.1" });
});

Deno.test("a value that can't be what it has to be is an error, at its place", async () => {
  const judged = await judge(
    await brokerSuite(`
  - case: no-number
    purpose: a capture MUST be usable
    use: { connected: { lane: pub } }
    steps:
      - pub -> PUBLISH: { topic: $topic, qos: 1, packetId: 7 }
      - pub <- PUBACK: { as: got }
      - pub -> PUBLISH: { topic: $topic, qos: 1, packetId: $got.type }
`),
  );
  assert.deepEqual(verdicts(judged), { "no-number": 'error: "PUBACK" where a number is due' });
  assert.deepEqual(
    [judged.cases[0]?.ended?.failure?.line, judged.cases[0]?.ended?.failure?.column],
    [12, 60],
  );
  assert.equal(judged.exit, 3);
});

Deno.test("a lane without a connection is an error of the case", async () => {
  const judged = await judge(
    await brokerSuite(`
  - case: dropped
    purpose: a lane MUST be there
    use: { connected: { lane: pub } }
    steps:
      - drop: pub
      - pub <- PUBACK
`),
  );
  assert.deepEqual(verdicts(judged), {
    dropped: 'error: Lane "pub" has no connection at this step',
  });
});

Deno.test("an expected deviation does not fail the run, and an unexpected pass does", async () => {
  const suite = await brokerSuite(ACKNOWLEDGED);
  const known = (verdict: "fail" | "inconclusive") =>
    new Map([["reference", [{ case: "demo/acknowledged", verdict, reason: "known" }]]]);
  const wrong = referenceTarget(["puback-doubled"]);
  assert.equal((await judge(suite, wrong, { expectations: known("fail") })).exit, 0);
  assert.equal((await judge(suite, wrong, { expectations: known("inconclusive") })).exit, 1);
  assert.equal((await judge(suite, referenceTarget(), { expectations: known("fail") })).exit, 1);
});

Deno.test("a connection that ends for attest's own silence is not judged, and one that ends before is", async () => {
  await using broker = new Played((packet, link) => {
    if (packet.type === "PINGREQ") link.close();
    return polite(packet);
  });
  const pinging = (name: string, wait: string) => `
  - case: ${name}
    purpose: a client that pings MUST NOT be cut off
    steps:
      - c -> CONNECT: { keepAlive: 1 }
      - c <- CONNACK
      - wait: ${wait}
      - c -> PINGREQ
      - c <- PINGRESP
`;
  const suite = await brokerSuite(pinging("late", "1200ms") + pinging("in-time", "50ms"));
  const judged = verdicts(await judge(suite, addressTarget(broker.port), { jobs: 1 }));
  assert.match(
    judged.late ?? "",
    /^inconclusive: The connection was closed, expected PINGRESP, which can't be judged: The client was silent for 1\.\d s; its Keep Alive is 1 s$/,
  );
  assert.equal(judged["in-time"], "fail: The connection was closed, expected PINGRESP");
});
