import assert from "node:assert/strict";
import { type ExpectStep, isExpect } from "../suite/step/expect.ts";
import { stepsOf } from "../suite/test_suite.ts";
import { takeAll, waitOf } from "./arrivals.ts";
import { StepFailed } from "./step_failed.ts";
import { TestCase } from "./test_case.ts";
import { TestClients } from "./test_clients.ts";

/** Expectations as a suite writes them. */
async function expectations(...lines: readonly string[]): Promise<readonly ExpectStep[]> {
  return (await stepsOf(lines)).filter(isExpect);
}

/** Takes the lists on the case's lanes. */
function take(bench: TestClients, ...lists: readonly (readonly ExpectStep[])[]) {
  return takeAll(lists, { context: bench.context, party: (lane) => bench.client(lane) });
}

Deno.test("a step that names a time waits so long, and longer by the round trip", async () => {
  const [step] = await stepsOf(["wait: 250ms"]);
  assert.ok(step?.kind === "wait");
  const { context } = new TestCase({ roundTripMs: 40 });
  assert.equal(waitOf(step.duration, context), 290);
});

Deno.test("takeAll() meets the expectations of a list in their order, and those of others in any", async () => {
  await using bench = new TestClients();
  const far = await bench.connected("c");
  const [first, second, pong] = await expectations(
    "c <- PUBACK: { packetId: 1 }",
    "c <- PUBACK: { packetId: 2 }",
    "c <- PINGRESP",
  );
  assert.ok(first && second && pong);
  await bench.play([
    "c -> PINGREQ",
    "c -> PUBLISH: { topic: $topic, qos: 1, packetId: 1 }",
    "c -> PUBLISH: { topic: $topic, qos: 1, packetId: 2 }",
  ]);
  await far.send({ type: "PUBACK", packetId: 1 });
  await far.send({ type: "PINGRESP" });
  await far.send({ type: "PUBACK", packetId: 2 });
  const last = await take(bench, [pong], [first, second]);
  assert.deepEqual(last, { type: "PUBACK", packetId: 2, reason: 0, properties: {}, size: 4 });
});

Deno.test("takeAll() does not take the second of a list before its first", async () => {
  await using bench = new TestClients();
  const far = await bench.connected("c");
  const steps = await expectations("c <- PUBACK: { packetId: 1 }", "c <- PUBACK: { packetId: 2 }");
  await bench.play(["c -> PUBLISH: { topic: $topic, qos: 1, packetId: 2 }"]);
  await far.send({ type: "PUBACK", packetId: 2 });
  await assert.rejects(take(bench, steps), /^StepFailed: PUBACK packetId is 2, expected 1$/);
});

Deno.test("takeAll() assigns each arrival the name of its expectation", async () => {
  await using bench = new TestClients();
  const [a, b] = [await bench.connected("a"), await bench.connected("b")];
  await bench.play(["a -> PINGREQ", "b -> PUBLISH: { topic: $topic, qos: 1, packetId: 9 }"]);
  await b.send({ type: "PUBACK", packetId: 9 });
  await a.send({ type: "PINGRESP" });
  const steps = await expectations("b <- PUBACK: { as: acked }", "a <- PINGRESP: { as: pong }");
  await take(bench, ...steps.map((step) => [step]));
  assert.deepEqual(bench.context.scope.get("pong"), { data: { type: "PINGRESP", size: 2 } });
  assert.deepEqual(bench.context.scope.get("acked"), {
    data: { type: "PUBACK", packetId: 9, reason: 0, properties: {}, size: 4 },
  });
});

Deno.test("expectations that are met together share one time, the longest that any of them has", async () => {
  await using bench = new TestClients();
  const context = { ...bench.context, mostWithinMs: 1 };
  const far = await bench.connected("c");
  await bench.play(["c -> PINGREQ"]);
  const steps = await expectations("c <- PINGRESP: { within: 400ms }", "c <- CONNACK");
  const sent = new Promise<void>((resolve) =>
    setTimeout(() => resolve(far.send({ type: "PINGRESP" }).then(() => {})), 200)
  );
  const taking = takeAll(steps.map((step) => [step]), { context, party: (lane) => bench.client(lane) });
  await assert.rejects(taking, (error) => {
    assert.ok(error instanceof StepFailed);
    const [, left] = /^Nothing came within (\d+) ms, expected CONNACK$/.exec(error.message) ?? [];
    assert.ok(left !== undefined && Number(left) <= 201, error.message);
    return true;
  });
  await sent;
});

Deno.test("a close may take twice as long as an answer, and no longer than its step says", async () => {
  const missing = async (line: string) => {
    await using bench = new TestClients({ times: { withinMs: 40 } });
    await bench.connected("c");
    const [step] = await expectations(line);
    assert.ok(step);
    const taking = takeAll([[step]], { context: bench.context, party: (lane) => bench.client(lane) });
    const message = await taking.then(() => assert.fail("it came"), (error: Error) => error.message);
    return Number(/^Nothing came within (\d+) ms/.exec(message)?.[1]);
  };
  const [answer, close, named] = [
    await missing("c <- PINGRESP"),
    await missing("c <- one of: [PINGRESP, closed]"),
    await missing("c <- closed: { within: 5ms }"),
  ];
  assert.ok(answer <= 40 && close > 40 && close <= 80 && named <= 5, `${answer} ${close} ${named}`);
});
