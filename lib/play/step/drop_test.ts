import assert from "node:assert/strict";
import { brokerSuite, judge, verdicts } from "../../conform/test_bench.ts";
import { StepFailed } from "../step_failed.ts";
import { TestClients } from "../test_clients.ts";

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

Deno.test("drop by rst resets the connection, and the will is published too", async () => {
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

Deno.test("an unknown way to cut from a row is an error of the case", async () => {
  await using bench = new TestClients();
  await bench.connected("c");
  bench.context.scope.set("how", "axe");
  await assert.rejects(bench.play(["drop: { lane: c, how: $how }"], ["how"]), (error) => {
    assert.ok(error instanceof StepFailed);
    assert.equal(error.message, 'unknown way to cut a connection "axe"; use fin or rst');
    assert.equal(error.problem.verdict, "error");
    return true;
  });
  assert.ok(bench.client("c").connected);
});
