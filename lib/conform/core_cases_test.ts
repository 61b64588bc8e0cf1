import assert from "node:assert/strict";
import { coreCases } from "./core_cases.ts";
import { plan } from "./plan.ts";
import { brokerSuite, ecmtAlone, referenceTarget } from "./test_bench.ts";

async function planned() {
  const suite = await brokerSuite(`
  - { case: narrow, purpose: it MUST, covers: [MQTT-3.1.0-1], steps: [c -> CONNECT] }
  - { case: wide, purpose: it MUST, covers: [MQTT-3.1.0-1, MQTT-3.1.0-2, MQTT-3.1.2-1], steps: [c -> CONNECT] }
  - { case: waits, purpose: it MUST, covers: [MQTT-3.2.0-1], steps: [c -> CONNECT, wait: 1s] }
  - { case: quick, purpose: it MUST, covers: [MQTT-3.2.0-1], steps: [c -> CONNECT] }
  - { case: notices, purpose: it MUST, steps: [c -> CONNECT] }
  - { case: shows-nothing, purpose: it MUST, steps: [c -> CONNECT] }
  - { case: skipped, purpose: it MUST, requires: [websocket], covers: [MQTT-6.0.0-1], steps: [c -> CONNECT] }
`);
  return plan(referenceTarget([], { supports: [] }), {
    suites: [suite],
    selection: {},
    dialects: await ecmtAlone(),
  });
}

const DEFECTS = new Map([["loses-everything", ["demo/notices", "demo/wide"]], ["forgets", ["demo/notices"]]]);

Deno.test("coreCases() covers each clause and each known fault once, by the cases that show most and do not wait", async () => {
  const chosen = coreCases(await planned(), DEFECTS, 10);
  assert.deepEqual([...chosen].map((one) => one.case.name), ["notices", "wide", "quick"]);
});

Deno.test("coreCases() takes no more than it may, and one that notices a fault before one that covers some clauses", async () => {
  const chosen = coreCases(await planned(), new Map([["forgets", ["demo/notices"]]]), 1);
  assert.deepEqual([...chosen].map((one) => one.case.name), ["notices"]);
});

Deno.test("coreCases() takes no cases that would last longer than ten minutes together", async () => {
  const suite = await brokerSuite(`
  - { case: long, purpose: it MUST, covers: [MQTT-3.1.0-1, MQTT-3.1.0-2], steps: [c -> CONNECT, wait: 300s] }
  - { case: longer, purpose: it MUST, covers: [MQTT-3.2.0-1], steps: [c -> CONNECT, wait: 301s] }
  - { case: quick, purpose: it MUST, covers: [MQTT-3.1.2-1], steps: [c -> CONNECT] }
`);
  const cases = plan(referenceTarget(), { suites: [suite], selection: {}, dialects: await ecmtAlone() });
  const chosen = coreCases(cases, new Map(), 10);
  assert.deepEqual([...chosen].map((one) => one.case.name), ["quick", "long"]);
});
