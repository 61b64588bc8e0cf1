import assert from "node:assert/strict";
import { brokerSuite, judge, referenceTarget, verdicts } from "../../conform/test_bench.ts";
import type { AllStep } from "../../suite/step/all.ts";
import { stepsOf } from "../../suite/test_suite.ts";
import { playStep } from "../play.ts";
import { StepFailed } from "../step_failed.ts";
import { TestClients } from "../test_clients.ts";

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

Deno.test("a step that expects nothing is not allowed in all, and is reported at its own place", async () => {
  await using bench = new TestClients();
  const steps = await stepsOf(["c <- PINGRESP", "c -> PINGREQ"]);
  const [, second] = steps;
  assert.ok(second);
  const step: AllStep = { kind: "all", place: { ...second.place, line: 1 }, source: "all: …", steps };
  const playing = playStep(step, { context: bench.context, party: (name) => bench.client(name) });
  await assert.rejects(playing, (error) => {
    assert.ok(error instanceof StepFailed);
    assert.equal(error.message, 'Only expectations are allowed in "all", found "c -> PINGREQ"');
    assert.equal(error.problem.verdict, "error");
    assert.equal(error.place, second.place);
    return true;
  });
});
