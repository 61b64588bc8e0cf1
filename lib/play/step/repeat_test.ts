import assert from "node:assert/strict";
import { brokerSuite, chartOf, judge, referenceTarget, suiteOf, verdicts } from "../../conform/test_bench.ts";
import { stepsOf } from "../../suite/test_suite.ts";
import { playStep } from "../play.ts";
import { TestClients } from "../test_clients.ts";

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
      often: `error: A step cannot be repeated ${value} times; 0 to 100000 are possible`,
    });
  }
});

Deno.test("repeat plays nothing where it is to be played no times", async () => {
  await using bench = new TestClients();
  bench.context.scope.set("n", 0);
  await bench.play(["repeat: { times: $n, as: i, steps: [c -> PINGREQ] }"], ["n"]);
  assert.deepEqual(bench.lines, []);
  assert.equal(bench.context.scope.get("i"), undefined);
});

Deno.test("the end of the case ends a repeat between two rounds", async () => {
  await using bench = new TestClients();
  let rounds = 0;
  const [step] = await stepsOf(["repeat: { times: 100000, steps: [ignore: c] }"]);
  assert.ok(step);
  const party = (name: string) => {
    if (++rounds === 3) bench.end();
    return bench.client(name);
  };
  await assert.rejects(playStep(step, { context: bench.context, party }), { name: "AbortError" });
  assert.equal(rounds, 3);
});

Deno.test("rounds that go at once play each step for all of them before the next, the last ones fewer", async () => {
  const judged = await judge(
    await brokerSuite(`
  - case: windowed
    purpose: each message MUST be acknowledged
    use: { connected: { lane: pub } }
    steps:
      - repeat:
          times: 5
          as: i
          atOnce: 2
          steps:
            - pub -> PUBLISH: { topic: $topic/$i, qos: 1, packetId: $i }
            - pub <- PUBACK: { packetId: $i }
`),
  );
  assert.deepEqual(verdicts(judged), { windowed: "pass" });
  const sent = chartOf(judged, "windowed").map(({ text }) => /^(PUBLISH|PUBACK).* id=(\d)/.exec(text))
    .flatMap((found) => found ? [`${found[1]} ${found[2]}`] : []);
  assert.deepEqual(sent.slice(0, 6), [
    ...["PUBLISH 1", "PUBLISH 2", "PUBACK 1", "PUBACK 2"],
    ...["PUBLISH 3", "PUBLISH 4"],
  ]);
  assert.deepEqual(sent.slice(-2), ["PUBLISH 5", "PUBACK 5"]);
});

Deno.test("the number of parallel rounds does not exceed what a broker announces that it accepts", async () => {
  const suite = await suiteOf(`
suite: demo
title: Demo
protocols: ["5.0"]
cases:
  - case: windowed
    purpose: each message MUST be acknowledged
    use: { connected: { lane: pub } }
    steps:
      - repeat:
          times: 4
          as: i
          atOnce: 4
          steps:
            - pub -> PUBLISH: { topic: $topic/$i, qos: 1, packetId: $i }
            - pub <- PUBACK: { packetId: $i }
`);
  const start = { kind: "reference-broker", defects: [], quirks: ["receive-maximum-3"] } as const;
  const judged = await judge(suite, referenceTarget([], { start }));
  assert.deepEqual(verdicts(judged), { windowed: "pass" });
  const sent = chartOf(judged, "windowed").map(({ text }) => /^(PUBLISH|PUBACK).* id=(\d)/.exec(text))
    .flatMap((found) => found ? [`${found[1]} ${found[2]}`] : []);
  assert.deepEqual(sent.slice(2, 4), ["PUBLISH 3", "PUBACK 1"]);
});
