import assert from "node:assert/strict";
import { fold } from "../run/result.ts";
import { addressTarget, brokerSuite, judge, referenceTarget } from "./test_bench.ts";
import { Played, polite } from "./test_broker.ts";

const ANSWERED = `
  - case: acknowledged
    purpose: a PUBLISH at QoS 1 MUST be acknowledged
    use: { connected: { lane: pub } }
    steps:
      - pub -> PUBLISH: { topic: $topic, qos: 1, packetId: 7, payload: hello }
      - pub <- PUBACK: { packetId: 7 }
      - pub <- nothing
`;

const CASES = Array.from(
  { length: 12 },
  (_, at) => `  - { case: c${at}, purpose: it MUST answer, steps: [c -> CONNECT, c <- CONNACK] }\n`,
).join("");

Deno.test("an expected deviation does not fail the run, and an unexpected pass does", async () => {
  const suite = await brokerSuite(ANSWERED);
  const known = (verdict: "fail" | "inconclusive") =>
    new Map([["reference", [{ case: "demo/acknowledged", verdict, reason: "known" }]]]);
  const wrong = referenceTarget(["puback-doubled"]);
  assert.equal((await judge(suite, wrong, { expectations: known("fail") })).exit, 0);
  assert.equal((await judge(suite, wrong, { expectations: known("inconclusive") })).exit, 1);
  assert.equal((await judge(suite, referenceTarget(), { expectations: known("fail") })).exit, 1);
});

Deno.test("an address without a listener is reported in a sentence, and other targets run", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const judged = await judge(await brokerSuite(ANSWERED), [addressTarget(port), referenceTarget()]);
  assert.deepEqual(judged.cases.map(({ target, ended }) => [target, ended?.verdict]), [[
    "reference",
    "pass",
  ]]);
  const last = judged.events.at(-1);
  assert.match(last?.kind === "run-ended" ? last.reason ?? "" : "", new RegExp(`127\\.0\\.0\\.1:${port}`));
  assert.equal(judged.exit, 3);
});

Deno.test("the seed shuffles the rounds: the same seed produces the same orders, each round a different one", async () => {
  const orders = async (seed: number) => {
    const { events } = await judge(await brokerSuite(CASES), referenceTarget(), { repeat: 3, seed, jobs: 1 });
    const begun = events.filter((event) => event.kind === "case-started");
    return [1, 2, 3].map((round) =>
      begun.filter(({ iteration }) => iteration === round).map(({ id }) => id).join(" ")
    );
  };
  const [first, again, other] = [await orders(7), await orders(7), await orders(70)];
  assert.deepEqual(first, again);
  assert.equal(new Set([...first, ...other]).size, 6);
});

Deno.test("a run for a time ends with whole cases, after one whole round at least", async () => {
  const suite = await brokerSuite(CASES);
  const { events, exit } = await judge(suite, referenceTarget(), { forMs: 1 });
  const result = fold(events);
  assert.equal(exit, 0);
  assert.equal(result.complete, true);
  assert.equal(result.totals.pass, 12);
  const longer = await judge(suite, referenceTarget(), { forMs: 200 });
  const { totals, cases, repeats } = fold(longer.events);
  assert.ok(totals.pass > 24);
  assert.equal(cases.length, 12);
  assert.equal(repeats.length, 12);
  assert.equal(longer.events.filter(({ kind }) => kind === "case-started").length, totals.pass);
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

Deno.test("targets run one after the other, each with its own cases, and every run of a case has its own number", async () => {
  const suite = await brokerSuite(CASES);
  const { events, exit, cases } = await judge(suite, [
    referenceTarget(),
    referenceTarget([], { name: "second", protocols: ["5.0"] }),
  ], { repeat: 2 });
  assert.equal(exit, 0);
  const started = events.flatMap((event) => event.kind === "target-started" ? [event.name] : []);
  assert.deepEqual(started, ["reference", "second"]);
  const at = events.findIndex((event) => event.kind === "target-started" && event.name === "second");
  const later = events.slice(at).flatMap((event) => event.kind === "case-started" ? [event.target] : []);
  assert.deepEqual([...new Set(later)], ["second"]);
  assert.equal(new Set(cases.map(({ n }) => n)).size, 4 * 12);
  const [first] = events;
  assert.equal(first?.kind === "run-started" && first.planned, 4 * 12);
  const skipped = cases.filter(({ ended }) => ended?.verdict === "skip").map(({ target }) => target);
  assert.deepEqual(skipped, Array(2 * 12).fill("second"));
});

Deno.test("a run that is interrupted begins no case and reaches no target any more, and ends with 130", async () => {
  const stop = new AbortController();
  const targets = [referenceTarget(), referenceTarget([], { name: "second" })];
  const { events, exit } = await judge(await brokerSuite(CASES), targets, {
    jobs: 1,
    signal: stop.signal,
    emit: ({ kind }) => {
      if (kind === "case-ended") stop.abort();
    },
  });
  assert.equal(exit, 130);
  const kinds = events.map(({ kind }) => kind);
  assert.equal(kinds.filter((kind) => kind === "target-started").length, 1);
  assert.equal(kinds.filter((kind) => kind === "case-started").length, 1);
  const last = events.at(-1);
  assert.ok(last?.kind === "run-ended" && last.interrupted && last.reason === undefined);
});

Deno.test("a run that ends at the first failure begins no other case, and has the status of a failure", async () => {
  const suite = await brokerSuite(`
  - { case: wrong, purpose: it MUST, steps: [c -> CONNECT, c <- CONNACK: { reason: 5 }] }
${CASES}`);
  const options = { jobs: 1, failFast: true } as const;
  const { events, exit, cases } = await judge(suite, [referenceTarget()], options);
  assert.equal(exit, 1);
  assert.deepEqual(cases.map(({ ended }) => ended?.verdict), ["fail"]);
  const last = events.at(-1);
  assert.ok(last?.kind === "run-ended" && last.interrupted);
  assert.match(last.reason ?? "", /--fail-fast/);
  const { cases: passing } = await judge(await brokerSuite(CASES), [referenceTarget()], options);
  assert.ok(passing.length > 1);
});

Deno.test("the rounds of a target that is gone for good are over", async () => {
  await using broker = new Played((packet, link) => {
    if (packet.type === "PUBLISH") {
      broker.stopListening();
      link.close();
    }
    return polite(packet);
  });
  const { cases, exit, events } = await judge(await brokerSuite(ANSWERED), addressTarget(broker.port), {
    repeat: 3,
  });
  assert.deepEqual(cases.map(({ iteration, ended }) => [iteration, ended?.verdict]), [[1, "error"]]);
  assert.equal(exit, 3);
  const last = events.at(-1);
  assert.equal(last?.kind === "run-ended" && last.reason?.split("can no longer be reached").length, 2);
});

Deno.test("a target of which no case is chosen is not reached", async () => {
  const suite = await brokerSuite(CASES);
  const none = await judge(suite, referenceTarget(), { selection: { filters: ["no-such-case"] } });
  assert.ok(none.events.every(({ kind }) => kind !== "target-started"));
  assert.equal(none.events.at(-1)?.kind, "run-ended");
});
