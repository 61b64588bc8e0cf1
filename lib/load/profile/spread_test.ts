import assert from "node:assert/strict";
import { drawMs, spreadForm } from "./spread.ts";
import { readForm } from "./test_form.ts";

Deno.test("a spread is a time, two times, or a mean", () => {
  const read = (text: string) => readForm(spreadForm(), text).value;
  assert.deepEqual(read("5s"), { kind: "fixed", ms: 5_000 });
  assert.deepEqual(read("{ from: 1s, to: 3s }"), { kind: "even", fromMs: 1_000, toMs: 3_000 });
  assert.deepEqual(read("{ mean: 2m }"), { kind: "exponential", meanMs: 120_000 });
});

Deno.test("a spread that says too little or too much is reported where it stands", () => {
  const mistakes = (text: string) => readForm(spreadForm(), text).mistakes;
  assert.deepEqual(mistakes("{ from: 1s }"), ["1:9 a spread that is not complete"]);
  assert.deepEqual(mistakes("{ from: 3s, to: 1s }"), ["1:17 a longest time below the shortest"]);
  assert.deepEqual(mistakes("{ mean: 3s, to: 1s }"), ["1:9 a mean beside from and to"]);
  assert.deepEqual(mistakes("long"), ['1:1 expected a duration, found "long"']);
});

Deno.test("drawn times keep to their spread", () => {
  assert.equal(drawMs({ kind: "fixed", ms: 7 }, 0.3), 7);
  assert.equal(drawMs({ kind: "even", fromMs: 10, toMs: 20 }, 0.5), 15);
  assert.equal(drawMs({ kind: "exponential", meanMs: 100 }, 0), 0);
  const drawn = Array.from(
    { length: 10_000 },
    (_, k) => drawMs({ kind: "exponential", meanMs: 100 }, (k + 0.5) / 10_000),
  );
  assert.ok(Math.abs(drawn.reduce((sum, one) => sum + one, 0) / 10_000 - 100) < 1);
});
