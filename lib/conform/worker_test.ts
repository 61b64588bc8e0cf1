import assert from "node:assert/strict";
import { asText } from "../spec/evaluate.ts";
import { Scope } from "../spec/scope.ts";
import type { Value } from "../spec/value.ts";
import { reach } from "../target/reach.ts";
import { RoundTrip } from "./round_trip.ts";
import { ecmtAlone, plannedFor, referenceTarget, suiteOf } from "./test_bench.ts";
import { caseScope } from "./worker.ts";

function literal(value: string): Value {
  return { kind: "literal", value, source: value, place: { file: "", line: 1, column: 1, length: 1 } };
}

Deno.test("a name means the row's value, then the command line's, the target's in its protocol, the suite's", async () => {
  const suite = await suiteOf(`
suite: demo
title: Demo
protocols: ["3.1.1", "5.0"]
values: { a: suite, b: suite, c: suite, d: suite, e: suite }
cases:
  - case: one
    purpose: it MUST
    table: [{ row: r, e: "row of $d" }]
    steps: [c -> PUBLISH: { topic: $a/$b/$c/$d/$e/$topic }]
`);
  const file = referenceTarget([], {
    values: new Map([["b", literal("target")], ["c", literal("target")], ["d", literal("target")]]),
    valuesIn: new Map([["5.0", new Map([["c", literal("target in 5.0")]])]]),
  });
  const { dialect } = await ecmtAlone();
  const { signal } = new AbortController();
  await using target = await reach(file, { dialect, signal });
  const context = {
    runId: "runrun01",
    target,
    cases: [],
    jobs: 1,
    seed: 1,
    values: new Map([["d", literal("command line")], ["topic", literal("never")]]),
    emit: () => {},
    now: () => 0,
    nextNumber: () => 1,
    signal,
    shuffle: false,
    roundTrip: new RoundTrip(),
  };
  const planned = await plannedFor(suite, file);
  const values = planned.map((one) => {
    const scope = caseScope(new Scope().set("topic", "attest/1"), one, context);
    const place = { file: "", line: 1, column: 1, length: 1 };
    return ["a", "b", "c", "d", "e", "topic"].map((name) =>
      asText({ kind: "variable", path: [name], place }, scope)
    );
  });
  assert.deepEqual(values, [
    ["suite", "target", "target", "command line", "row of command line", "attest/1"],
    ["suite", "target", "target in 5.0", "command line", "row of command line", "attest/1"],
  ]);
});
