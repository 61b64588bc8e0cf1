import assert from "node:assert/strict";
import type { KnownDeviation } from "../../lib/target/expectation_file.ts";
import { explained, type Judged } from "./deviations.ts";
import { type BrokerFault, reasonOf } from "./faults.ts";

const FAULT: BrokerFault = {
  fault: "A PINGREQ is not answered",
  clauses: ["MQTT-3.12.4-1"],
  sent: "c0 00",
  came: "nothing",
  when: ["ping/answered"],
};

function ran(id: string, verdict: string, reason?: string): Judged {
  return { id, protocol: "3.1.1", target: "own", verdict, reason };
}

function known(id: string, more: Partial<KnownDeviation>): KnownDeviation {
  return { case: id, protocol: "3.1.1", verdict: "fail", reason: "looked at", ...more };
}

Deno.test("explained() assigns a deviation the first matching fault, and returns those that none explains", () => {
  const run = [ran("ping/answered", "fail", "nothing came"), ran("ping/late", "inconclusive", "after 20 ms")];
  const { expectations, unexplained, found } = explained([run], [FAULT], []);
  assert.deepEqual(expectations.map(({ case: id, verdict, reason }) => [id, verdict, reason]), [
    ["ping/answered", "fail", reasonOf(FAULT)],
    ["ping/late", "inconclusive", "not reproduced by hand yet: after its time"],
  ]);
  assert.deepEqual(unexplained.map(({ id }) => id), ["ping/late"]);
  assert.deepEqual(found.get(FAULT)?.map(({ id }) => id), ["ping/answered"]);
});

Deno.test("explained() knows what only some of the runs show as showing sometimes", () => {
  const runs = [[ran("ping/answered", "pass")], [ran("ping/answered", "fail")]];
  assert.deepEqual(explained(runs, [FAULT], []).expectations.map(({ sometimes }) => sometimes), [true]);
});

Deno.test("explained() keeps the reasons that there are, and what shows sometimes and did not show now", () => {
  const before = [known("a", {}), known("b", { sometimes: true, reason: reasonOf(FAULT) }), known("c", {})];
  const run = [ran("c", "pass"), ran("b", "pass"), ran("a", "fail", "as ever")];
  const { expectations, unexplained, found } = explained([run], [FAULT], before);
  assert.deepEqual(expectations.map(({ case: id, reason }) => [id, reason]), [
    ["a", "looked at"],
    ["b", reasonOf(FAULT)],
  ]);
  assert.deepEqual(unexplained, []);
  assert.deepEqual(found.get(FAULT)?.map(({ id }) => id), ["b"]);
});
