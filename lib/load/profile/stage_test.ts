import assert from "node:assert/strict";
import { stageForm } from "./stage.ts";
import { readForm } from "./test_form.ts";

function stage(text: string) {
  const { value, mistakes } = readForm(stageForm(), text);
  assert.deepEqual(mistakes, []);
  return value;
}

Deno.test("a stage has the whole rate and as many clients as before, unless it says otherwise", () => {
  assert.deepEqual(stage("hold: 2s"), { kind: "hold", ms: 2_000, rate: 1, clients: undefined });
  assert.deepEqual(stage("{ ramp: 1m, rate: 250%, clients: 10% }"), {
    kind: "ramp",
    ms: 60_000,
    rate: 2.5,
    clients: 0.1,
  });
});

Deno.test("steps are five, and a wave takes the whole stage, unless it says otherwise", () => {
  const common = { ms: 10_000, rate: 1, clients: undefined };
  assert.deepEqual(stage("step: 10s"), { kind: "step", ...common, steps: 5 });
  assert.deepEqual(stage("{ step: 10s, steps: 2 }"), { kind: "step", ...common, steps: 2 });
  assert.deepEqual(stage("wave: 10s"), { kind: "wave", ...common, periodMs: 10_000 });
  assert.deepEqual(stage("{ wave: 10s, period: 1ms }"), { kind: "wave", ...common, periodMs: 100 });
});

Deno.test("a stage has one kind, a length, and no more than all clients", () => {
  const mistakes = (text: string) => readForm(stageForm(), text).mistakes;
  assert.deepEqual(mistakes("{ hold: 1s, ramp: 2s }"), ["1:9 a stage with ramp and hold"]);
  assert.deepEqual(mistakes("rate: 10%"), ["1:7 a stage without a duration"]);
  assert.deepEqual(mistakes("hold: 0s"), ["1:7 a stage without length"]);
  assert.deepEqual(mistakes("{ hold: 1s, clients: 110% }"), ["1:22 more clients than there are"]);
});
