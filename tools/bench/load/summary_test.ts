import assert from "node:assert/strict";
import { frozenP99 } from "./measure.ts";
import { ROWS } from "./rows.ts";
import { judge, median, type Rounds } from "./summary.ts";

function row(name: string) {
  const found = ROWS.find((one) => one.name === name);
  assert.ok(found);
  return found;
}

const cpu = (...values: number[]) => values.map((cpuPerMillion) => ({ cpuPerMillion }));

Deno.test("median() takes the middle round, in whatever order they came", () => {
  assert.deepEqual(median(row("publish"), cpu(9, 1, 5)), { cpuPerMillion: 5 });
  assert.deepEqual(median(row("publish"), cpu(9, 1, 5, 6)), { cpuPerMillion: 5 });
  assert.deepEqual(median(row("connect"), [{ connectsPerSecond: 10 }, { connectsPerSecond: 20 }]), {
    connectsPerSecond: 20,
  });
  assert.equal(median(row("publish"), []), undefined);
});

Deno.test("judge() computes the goal of a row from libmosquitto's figure in the same run", () => {
  const rounds = (attest: number): Rounds =>
    new Map([
      ["libmosquitto", { column: "libmosquitto", figures: cpu(10, 10, 10) }],
      ["MQTT.js", { column: "other", figures: cpu(12) }],
      ["mosquitto_pub", { column: "other", figures: cpu(11) }],
      ["attest", { column: "attest", figures: cpu(attest) }],
    ]);
  const judged = judge(row("flow-0"), rounds(3.5));
  assert.equal(judged.goal, "≤ 3.50 (0.35 × libmosquitto)");
  assert.equal(judged.verdict, "reached");
  assert.equal(judged.cells.other, "11.0 (mosquitto_pub)");
  assert.equal(judged.cells.raw, "–");
  assert.equal(judge(row("flow-0"), rounds(3.6)).verdict, "missed");
});

Deno.test("judge() returns no verdict if a figure is missing", () => {
  const attest = ["attest", { column: "attest", figures: cpu(1) }] as const;
  const libmosquitto = ["libmosquitto", { column: "libmosquitto", figures: cpu(10) }] as const;
  assert.equal(judge(row("publish"), new Map([libmosquitto])).verdict, "attest has no figure");
  assert.equal(judge(row("publish"), new Map([attest])).verdict, "no goal: libmosquitto has no figure");
});

Deno.test("judge() compares the freeze row with its band on both sides", () => {
  const judged = (p99: number) =>
    judge(
      row("freeze-1"),
      new Map([["attest", { column: "attest latency", figures: [{ p99, trueP99: 807 }] }]]),
    ).verdict;
  assert.deepEqual([judged(8), judged(749), judged(807), judged(851)], [
    "missed",
    "missed",
    "reached",
    "missed",
  ]);
});

Deno.test("frozenP99() equals a simulation of the schedule", () => {
  const [rate, seconds, frozen] = [1000, 20, 1007];
  const waits = Array.from({ length: rate * seconds }, (_, n) => {
    const due = n * 1000 / rate;
    return due >= 5000 && due < 5000 + frozen ? 5000 + frozen - due : 0;
  }).sort((a, b) => a - b);
  const simulated = waits[Math.floor(waits.length * 0.99)] ?? 0;
  assert.ok(Math.abs(frozenP99(frozen, rate, seconds) - simulated) <= 1);
  assert.equal(frozenP99(100, rate, seconds), 0);
});
