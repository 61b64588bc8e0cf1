import assert from "node:assert/strict";
import { CASES, namesOf, proofOf } from "./test_proof.ts";

const SHOULD = `
  - case: quiet
    purpose: nothing SHOULD come
    level: should
    use: { connected: { lane: c } }
    steps: [c -> PINGREQ, c <- nothing]
`;

Deno.test("passing() returns the cases that pass, and emits each of them completely", async () => {
  const { bench, cases, events } = await proofOf(CASES);
  const passing = await bench.passing(cases, (event) => void events.push(event));
  assert.deepEqual(namesOf(passing), ["acknowledged", "pinged"]);
  const kinds = (n: number) => events.flatMap((event) => "n" in event && event.n === n ? [event.kind] : []);
  const started = events.flatMap((event) => event.kind === "case-started" ? [event.n] : []);
  assert.equal(started.length, 2);
  for (const n of started) {
    assert.equal(kinds(n)[0], "case-started");
    assert.equal(kinds(n).at(-1), "case-ended");
    assert.ok(kinds(n).includes("chart"));
  }
});

Deno.test("passing() tries what does not pass once more, and only that is emitted", async () => {
  const { bench, cases, events } = await proofOf(`${CASES}
  - case: wrong
    purpose: it MUST answer with something else
    use: { connected: { lane: c } }
    steps: [c -> PINGREQ, c <- PUBACK]
`);
  const passing = await bench.passing(cases, (event) => void events.push(event));
  assert.deepEqual(namesOf(passing), ["acknowledged", "pinged"]);
  const wrong = events.filter((event) => event.kind === "case-started" && event.id === "demo/wrong");
  assert.equal(wrong.length, 1);
  const ends = events.filter((event) => event.kind === "case-ended");
  assert.deepEqual(ends.map(({ verdict }) => verdict).sort(), ["fail", "pass", "pass"]);
  // The second attempt uses a new implementation.
  assert.equal(events.filter(({ kind }) => kind === "target-started").length, 2);
  assert.ok(ends.some(({ n, verdict }) => verdict === "fail" && n === 4));
});

Deno.test("passing() omits a violated SHOULD, which looks like a defect, and skipped cases", async () => {
  const { bench, cases, events } = await proofOf(`${SHOULD}
  - case: skipped
    purpose: it MUST
    requires: [shared-subscriptions]
    steps: [c -> CONNECT]
`);
  assert.deepEqual(await bench.passing(cases, (event) => void events.push(event)), []);
  const ends = events.flatMap((event) => event.kind === "case-ended" ? [event.verdict] : []);
  assert.deepEqual(ends.sort(), ["pass", "skip"]);
});

Deno.test("failing() returns the cases that fail under a defect, with the time that each took", async () => {
  const { bench, cases, events } = await proofOf(CASES);
  const failing = await bench.failing("puback-lost", cases, false);
  assert.deepEqual(namesOf(failing), ["acknowledged"]);
  assert.ok(failing.every(({ ms }) => ms > 0), JSON.stringify(failing));
  assert.deepEqual(events, []);
});

Deno.test("failing() counts a SHOULD that is missed under the defect", async () => {
  const { bench, cases } = await proofOf(CASES.replace("    use:", "    level: should\n    use:"));
  assert.deepEqual(namesOf(await bench.failing("pingresp-lost", cases, true)), ["pinged"]);
});

Deno.test("failing() starts nothing without cases, and nothing once the proof is over", async () => {
  const { bench, cases, stop } = await proofOf(CASES);
  assert.deepEqual(await bench.failing("no-such-defect", [], false), []);
  await assert.rejects(bench.failing("no-such-defect", cases, false), /no-such-defect/);
  stop.abort();
  assert.deepEqual(await bench.failing("no-such-defect", cases, false), []);
  assert.equal(bench.aborted, true);
});

Deno.test("each() does the work for every item, eight at once on a broker", async () => {
  const { bench } = await proofOf(CASES);
  let [running, most] = [0, 0];
  const done: number[] = [];
  await bench.each(Array.from({ length: 20 }, (_, at) => at), async (item) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running--;
    done.push(item);
  });
  assert.equal(most, 8);
  assert.deepEqual(done.sort((a, b) => a - b), Array.from({ length: 20 }, (_, at) => at));
});
