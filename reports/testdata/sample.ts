import type { RunEvent } from "../../lib/run/event.ts";
import { readJournal } from "../../lib/run/journal.ts";
import { fold, type RunResult } from "../../lib/run/result.ts";

/** The bytes of the sample journal: two targets, three protocols, every standing, and hostile text. */
export function sampleBytes(): Uint8Array {
  return Deno.readFileSync(new URL("sample.ndjson", import.meta.url));
}

/** The sample journal, folded. */
export function sampleResult(): RunResult {
  const { events, damaged } = readJournal(sampleBytes());
  if (damaged !== undefined) throw new Error(`The sample is damaged: ${damaged.reason}`);
  return fold(events);
}

/** A run of `count` cases like those of the sample, as a long run would have them. */
export function longResult(count: number): RunResult {
  const { events } = readJournal(sampleBytes());
  const first = events.find((event) => event.kind === "case-started" && event.n === 1);
  const own = events.filter((event) => "n" in event && event.n === 1);
  if (first === undefined) throw new Error("The sample has no case 1");
  const all: RunEvent[] = events.filter((event) => !("n" in event));
  for (let n = 1; n <= count; n++) {
    for (const event of own) all.push(renamed(event, n));
  }
  return fold(all);
}

/** A run in which `count` cases fail as the gravest of the sample does, with failure, chart and steps. */
export function failingResult(count: number): RunResult {
  const { events } = readJournal(sampleBytes());
  const failed = events.find((event) =>
    event.kind === "case-ended" && event.verdict === "fail" && event.failure
  );
  if (failed === undefined || !("n" in failed)) throw new Error("The sample has no failure");
  const own = events.filter((event) => "n" in event && event.n === failed.n);
  const all: RunEvent[] = events.filter((event) => !("n" in event));
  for (let n = 1; n <= count; n++) {
    for (const event of own) all.push(event.kind === "case-ended" ? { ...event, n } : renamed(event, n));
  }
  return fold(all);
}

function renamed(event: RunEvent, n: number): RunEvent {
  if (!("n" in event)) return event;
  if (event.kind === "case-ended" && n % 100 === 0) {
    return { ...event, n, verdict: "fail", reason: "Nothing came within 5 s" };
  }
  if (event.kind !== "case-started") return { ...event, n };
  const suite = `mqtt/chapter-${n % 20}`;
  return { ...event, n, suite, id: `${suite}/case-${n}` };
}

/** A result with one failing case in which every text that a target or a suite can set is `text`. */
export function hostileResult(text: string): RunResult {
  const place = { file: text, line: 1, column: 3, source: text };
  const t = 1;
  const n = 1;
  return fold([
    {
      kind: "run-started",
      format: 1,
      attest: "0.1.0",
      what: "conform",
      seed: 1,
      startedAt: text,
      command: [text],
      environment: { [text]: text },
      planned: 2,
    },
    { kind: "clause", protocol: text, clause: text, text, section: text },
    { kind: "clause", protocol: text, clause: `${text}2`, text, tests: "module", uncovered: text },
    { kind: "limit", protocol: text, command: text, parameter: text, class: text },
    { kind: "limit", protocol: text, command: text, parameter: text, class: `${text}2`, uncovered: text },
    {
      kind: "target-started",
      t,
      name: text,
      address: text,
      supports: [text],
      protocols: [text],
      version: text,
      identity: { [text]: text },
    },
    {
      kind: "case-started",
      t,
      n,
      id: text,
      suite: text,
      purpose: text,
      target: text,
      protocol: text,
      level: "should",
      covers: [text],
      tags: [text],
      file: text,
      line: 1,
      lanes: [text],
      tried: { command: text, parameter: text, class: text },
    },
    {
      kind: "chart",
      t,
      n,
      lane: text,
      direction: "received",
      text,
      hex: "ff00",
      size: 9,
      violations: [text],
      step: 0,
    },
    { kind: "step", ...place, t, n, index: 0, opening: text, outcome: "failed" },
    {
      kind: "case-ended",
      t: 3,
      n,
      verdict: "fail",
      reason: text,
      warnings: [text],
      durationMs: 2,
      failure: {
        ...place,
        message: text,
        expected: text,
        got: text,
        hex: text,
        clauses: [{ clause: text, text }],
        variables: { [text]: text },
      },
    },
    { kind: "defect", t, target: text, defect: text, description: text, noticedBy: [text] },
    {
      kind: "quirks",
      t,
      target: text,
      name: text,
      quirks: [{ id: text, about: text }],
      cases: 3,
      skipped: 1,
      undecided: 0,
      failing: [{ id: text, protocol: text }],
      durationMs: 5,
    },
    { kind: "run-ended", t: 4, interrupted: false, exit: 1, reason: text },
  ]);
}
