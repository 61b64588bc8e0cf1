import assert from "node:assert/strict";
import { moduleTarget, plannedFor, suiteOf } from "../test_bench.ts";
import { estimateMs } from "./estimate.ts";

Deno.test("estimateMs() counts the ways of the packets, the waits, and the reset of the module", async () => {
  const suite = await suiteOf(
    `
suite: s
title: Cases of several lengths
cases:
  - { case: typed, purpose: it MUST, steps: [dte -> AT+ECMTCONN?] }
  - { case: waits, purpose: it MUST, steps: [wait: 2s] }
  - { case: opens, purpose: it MUST, steps: [broker <- opened, broker <- CONNECT, broker -> CONNACK] }
  - { case: skipped, purpose: it MUST, requires: [ssl], steps: [wait: 1m] }
`,
    "at",
  );
  const cases = await plannedFor(suite, moduleTarget());
  const one = (name: string) =>
    estimateMs(cases.filter((each) => each.case.name === name), { resetMs: 10, roundTripMs: 1_000 });
  assert.equal(one("typed"), 10);
  assert.equal(one("waits"), 2_010);
  // The connection is opened, two packets go their ways, and it is left again.
  assert.equal(one("opens"), 10 + 1_000 + 500 + 500 + 1_000);
  assert.equal(one("skipped"), 0);
  assert.equal(estimateMs(cases, { resetMs: 10, roundTripMs: 1_000 }), 10 + 2_010 + 3_010);
});
