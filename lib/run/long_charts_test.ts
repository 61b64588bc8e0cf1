import assert from "node:assert/strict";
import type { ChartEntry } from "./event.ts";
import { LongCharts } from "./long_charts.ts";

/** A chart of `count` packets of 2 KiB. */
function chart(count: number): ChartEntry[] {
  return Array.from({ length: count }, (_, at) => ({
    kind: "chart",
    t: at,
    n: 1,
    lane: "c",
    direction: "received",
    text: `no. ${at}`,
    hex: "78".repeat(2048),
  }));
}

Deno.test("however many long charts a run has, what is kept of them is bounded, and says what it leaves out", () => {
  const long = new LongCharts();
  const charts = Array.from({ length: 500 }, () => chart(120));
  for (const one of charts) long.see(one);
  const kept = charts.flat().reduce((sum, { hex }) => sum + (hex?.length ?? 0), 0);
  const whole = charts.filter(({ length }) => length === 120).length;
  assert.ok(whole > 5 && whole < 50, `${whole} are whole`);
  assert.ok(kept < 0.75 * 500 * 120 * 4096, `${kept} characters`);
  const cut = charts.at(-1) ?? [];
  assert.deepEqual(cut.map(({ text }) => text), [
    ...Array.from({ length: 10 }, (_, at) => `no. ${at}`),
    "90 further entries are in the journal only",
    ...Array.from({ length: 20 }, (_, at) => `no. ${at + 100}`),
  ]);
});

Deno.test("a chart of usual length is kept complete after any number of long ones", () => {
  const long = new LongCharts();
  for (let at = 0; at < 100; at++) long.see(chart(120));
  const usual = chart(10);
  long.see(usual);
  assert.deepEqual(usual, chart(10));
});

Deno.test("a chart that is cut keeps what each lane sent first, since its CONNECT says the version of what follows", () => {
  const long = new LongCharts();
  for (let at = 0; at < 100; at++) long.see(chart(120));
  const cut = chart(120).map((entry, at): ChartEntry => {
    if (at === 50 || at === 51) return { ...entry, lane: "d", direction: "sent", text: `sent ${at}` };
    return at === 0 || at === 60 ? { ...entry, direction: "sent" } : entry;
  });
  long.see(cut);
  assert.deepEqual(cut.slice(9, 13).map(({ text }) => text), [
    "no. 9",
    "sent 50",
    "89 further entries are in the journal only",
    "no. 100",
  ]);
});
