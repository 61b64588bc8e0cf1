import assert from "node:assert/strict";
import type { Violation } from "../mqtt/frame.ts";
import type { OwnedPlay } from "../play/player.ts";
import { TestClients } from "../play/test_clients.ts";
import type { Step } from "../suite/step/step.ts";
import { type CaseRun, runCase } from "./run_case.ts";
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

const PINGED = `
  - case: pinged
    purpose: it MUST answer
    covers: { "3.1.1": [MQTT-3.12.4-1] }
    steps: [c -> CONNECT, c <- PINGRESP: { within: 1ms }, c <- PINGRESP]
`;

/** Runs a case on clients whose broker the test plays. Returns how the steps ended. */
async function ran(bench: TestClients, steps: string, more: Partial<CaseRun> = {}) {
  const [one] = (await brokerSuite(steps)).cases;
  assert.ok(one);
  const ended: string[] = [];
  const judged = await runCase({
    case: one,
    protocol: "3.1.1",
    recorder: bench.context.recorder,
    stepEnded: (step: Step, index, outcome) => void ended.push(`${index} ${step.kind} ${outcome}`),
    prepare: () => Promise.resolve(playOn(bench)),
    time: { limitMs: 60_000, withinMs: 5_000 },
    requirement: (_protocol, clause) => `the text of ${clause}`,
    signal: new AbortController().signal,
    ...more,
  });
  return { judged, ended };
}

function playOn(bench: TestClients, disposed: () => void = () => {}): OwnedPlay {
  const client = (name: string) => bench.client(name);
  return {
    context: bench.context,
    party: client,
    client,
    parties: () => [bench.client("c")],
    [Symbol.asyncDispose]: () => Promise.resolve(disposed()),
  };
}

Deno.test("a case that can't be set up is an error that a dead target explains", async () => {
  await using bench = new TestClients();
  const { judged, ended } = await ran(bench, PINGED, {
    prepare: () => Promise.reject(new Error("No port is free")),
  });
  assert.deepEqual(judged, {
    verdict: "error",
    reason: "The case could not be set up: No port is free",
    warnings: [],
    connectionLost: true,
    missing: false,
  });
  assert.deepEqual(ended, []);
});

Deno.test("a set-up that takes longer than the case may is an error, and a busy target explains it", async () => {
  await using bench = new TestClients();
  const prepare = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
  const { judged } = await ran(bench, PINGED, { prepare, time: { limitMs: 1, withinMs: 1 } });
  assert.equal(judged?.reason, "The case could not be set up: The case did not end within its limit of 1 ms");
  assert.equal(judged?.missing, true);
});

Deno.test("a case that the end of the run cuts has no verdict, in its set-up and in its steps", async () => {
  await using bench = new TestClients();
  const { signal } = bench.context;
  const setUp = await ran(bench, PINGED, {
    signal,
    prepare: () => {
      bench.end();
      return Promise.reject(new Error("aborted"));
    },
  });
  assert.equal(setUp.judged, undefined);
  await using other = new TestClients();
  const ended: string[] = [];
  const { judged } = await ran(other, PINGED.replace("c <- PINGRESP: { within: 1ms }", "wait: 1h"), {
    signal: other.context.signal,
    stepEnded: (step, _index, outcome) => {
      ended.push(`${step.kind} ${outcome}`);
      other.end();
    },
  });
  assert.equal(judged, undefined);
  assert.deepEqual(ended, ["send done"]);
});

Deno.test("a fault of the harness is an error, and no later step is played", async () => {
  await using bench = new TestClients();
  let disposed = 0;
  const prepare = () =>
    Promise.resolve({
      ...playOn(bench, () => disposed++),
      party: () => {
        throw new TypeError("a lane is undefined");
      },
    });
  const { judged, ended } = await ran(bench, PINGED, { prepare });
  assert.equal(judged?.verdict, "error");
  assert.equal(judged?.reason, "The harness failed: a lane is undefined");
  assert.deepEqual(ended, ["0 send failed"]);
  assert.equal(disposed, 1);
});

Deno.test("what a case misses once a limit of the target has ended its connection skips it", async () => {
  const limit: Violation = { rule: "keep-alive-exceeded", offset: 0, message: "2 s of silence" };
  await using bench = new TestClients();
  const { judged } = await ran(bench, PINGED);
  assert.match(judged?.reason ?? "", /^Nothing came within 1 ms/);
  assert.equal(judged?.verdict, "fail");
  await using limiting = new TestClients();
  limiting.context.broken.ended(limit);
  const limited = await ran(limiting, PINGED);
  assert.deepEqual([limited.judged?.verdict, limited.judged?.failure], ["skip", undefined]);
  assert.equal(
    limited.judged?.reason,
    "Not possible on this target: keep-alive-exceeded: 2 s of silence (byte 0)",
  );
});

Deno.test("an error of the case, and a rule that the target breaks, are reported whatever its limits", async () => {
  const limit: Violation = { rule: "keep-alive-exceeded", offset: 0, message: "2 s of silence" };
  await using bench = new TestClients();
  bench.context.broken.ended(limit);
  const error = await ran(
    bench,
    PINGED.replace(/steps: .*/, "exclusive: true\n    steps: [restart: target]"),
  );
  assert.equal(error.judged?.verdict, "error");
  const wrong = ran(bench, PINGED.replace(": { within: 1ms }", ""));
  const far = await bench.taken();
  await far.send({ type: "CONNACK", reason: 0, wire: { flags: 1 } });
  assert.match((await wrong).judged?.reason ?? "", /^CONNACK 0 breaks MQTT-2\.2\.2-/);
  assert.equal((await wrong).judged?.verdict, "fail");
});

Deno.test("a right broker passes, and the run ends with 0", async () => {
  const judged = await judge(await brokerSuite(ACKNOWLEDGED));
  assert.deepEqual(verdicts(judged), { acknowledged: "pass" });
  assert.equal(judged.exit, 0);
  assert.equal(judged.events[0]?.kind, "run-started");
  assert.equal(judged.events.at(-1)?.kind, "run-ended");
});

Deno.test("a wrong field is a failure that says what came, what was expected and which clause requires it", async () => {
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
  let connects = 0;
  // The first connection tests whether a client is accepted, the second measures the round trip, the third is
  // the case's.
  await using broker = new Played((packet) =>
    packet.type === "CONNECT" && ++connects === 3 ? [] : polite(packet)
  );
  const judged = await judge(
    await brokerSuite(ACKNOWLEDGED),
    addressTarget(broker.port, { withinMs: 80 }),
  );
  assert.deepEqual(verdicts(judged), {
    acknowledged:
      'inconclusive: The opening "connected" failed: Nothing came within 80 ms, expected CONNACK with return code 0',
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
  assert.deepEqual(verdicts(judged), { "no-number": 'error: expected a number, found "PUBACK"' });
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

Deno.test("a case that passes its limit is an error, not a failure of the target", async () => {
  const judged = await judge(
    await brokerSuite(`
  - case: waiting
    purpose: a wait MUST end
    limit: 300ms
    use: { connected: { lane: c } }
    steps:
      - wait: 1h
  - case: expecting
    purpose: an expectation MUST end
    limit: 300ms
    use: { connected: { lane: c } }
    steps:
      - c <- PUBLISH: { within: 1h }
`),
    referenceTarget(),
    { jobs: 1 },
  );
  const reason = "error: The case did not end within its limit of 300 ms";
  assert.deepEqual(verdicts(judged), { waiting: reason, expecting: reason });
  assert.equal(judged.exit, 3);
});

Deno.test("a delivery with a packet id that its client has not acknowledged fails in every case", async () => {
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
    /^inconclusive: The connection was closed, expected PINGRESP, which cannot be judged: The client was silent for 1\.\d s; its Keep Alive is 1 s$/,
  );
  assert.equal(judged["in-time"], "fail: The connection was closed, expected PINGRESP");
});
