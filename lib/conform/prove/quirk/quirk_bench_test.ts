import assert from "node:assert/strict";
import { referenceTarget } from "../../test_bench.ts";
import { QuirkBench } from "./quirk_bench.ts";
import { quirk, quirkOptions } from "./test_quirks.ts";

const LESS = { name: "less", quirks: [quirk("maximum-qos-1")] };

Deno.test("run() counts the cases under a set of quirks, and emits only those that fail", async () => {
  const { options, events } = await quirkOptions();
  const bench = new QuirkBench(options, () => 0);
  const run = await bench.run(referenceTarget(), LESS, (cases) => cases, options.emit);
  assert.deepEqual(run, {
    cases: 4,
    skipped: 0,
    undecided: 0,
    // The quirk shows only in 5.0.
    failing: [{ id: "demo/accusing", protocol: "5.0" }],
  });
  const [target] = events;
  assert.equal(target?.kind === "target-started" && target.name, "reference with less");
  const started = events.flatMap((event) => event.kind === "case-started" ? [event.n] : []);
  assert.equal(new Set(started).size, started.length);
  const ended = events.flatMap((event) =>
    event.kind === "case-ended" && !event.unconfirmed ? [event.verdict] : []
  );
  assert.deepEqual(ended, ["fail"]);
});

Deno.test("run() counts a case once that runs again alone, and names its target once", async () => {
  const hasty = (name: string) => `
  - case: ${name}
    purpose: a SUBSCRIBE MUST be answered at once
    use: { connected: { lane: c } }
    steps: [c -> SUBSCRIBE: { packetId: 7, filter: $topic, qos: 0 }, c <- SUBACK: { within: 20ms }]
`;
  const { options, events } = await quirkOptions(hasty("a") + hasty("b"), '["3.1.1"]');
  const bench = new QuirkBench(options, () => 0);
  const run = await bench.run(
    referenceTarget(),
    { name: "late", quirks: [quirk("suback-late")] },
    (cases) => cases,
    options.emit,
  );
  const ids = run.failing.map(({ id }) => id);
  assert.deepEqual(ids.sort(), ["demo/a", "demo/b"]);
  assert.equal(events.filter(({ kind }) => kind === "target-started").length, 1);
  assert.equal(events.filter(({ kind }) => kind === "case-ended").length, 2);
});

Deno.test("run() emits nothing about an implementation that no case accuses", async () => {
  const { options, events } = await quirkOptions();
  const bench = new QuirkBench(options, () => 0);
  const run = await bench.run(
    referenceTarget(),
    { name: "late", quirks: [quirk("suback-late")] },
    (cases) => cases,
    options.emit,
  );
  assert.deepEqual([run.cases, run.failing], [4, []]);
  assert.deepEqual(events, []);
});

Deno.test("run() runs the selected cases, planned for a target that describes its quirks", async () => {
  const { options } = await quirkOptions(`
  - case: accusing
    purpose: a subscription MUST be granted at QoS 2
    requires: [qos2]
    use: { connected: { lane: c } }
    steps: [c -> SUBSCRIBE: { packetId: 7, filter: $topic, qos: 2 }, c <- SUBACK: { packetId: 7, reason: 2 }]
`);
  const bench = new QuirkBench(options, () => 0);
  const offered: (string | undefined)[] = [];
  const run = await bench.run(referenceTarget(), LESS, (cases) => {
    offered.push(...cases.map(({ skip }) => skip));
    return cases.slice(0, 1);
  }, options.emit);
  assert.deepEqual(offered, Array(2).fill('The target does not claim "qos2"'));
  assert.deepEqual(run, { cases: 1, skipped: 1, undecided: 0, failing: [] });
});

Deno.test("consulted() returns the decisions that each case asks for, without quirks", async () => {
  const { options, events } = await quirkOptions();
  const bench = new QuirkBench(options, () => 0);
  const seen = await bench.consulted(referenceTarget());
  assert.deepEqual([...seen.keys()].sort(), ["demo/accusing", "demo/answered"]);
  assert.ok(seen.get("demo/answered")?.has("outgoing PINGRESP"));
  assert.equal(seen.get("demo/answered")?.has("outgoing SUBACK"), false);
  assert.ok(seen.get("demo/accusing")?.has("outgoing SUBACK"));
  assert.deepEqual(events, []);
});
