import { equal, match } from "node:assert/strict";
import { Adapter } from "../../client/adapter.ts";
import { TestAdapter } from "../../client/test_adapter.ts";
import type { CaseEnded, RunEvent } from "../../run/event.ts";
import { formatProblems } from "../../spec/problem.ts";
import { loadSuite } from "../../suite/file/load.ts";
import type { ClientTarget } from "../../target/target.ts";
import { loadTarget } from "../../target/target_file.ts";
import { plan } from "../plan.ts";
import { RoundTrip } from "../round_trip.ts";
import { runCases } from "../run.ts";

const FILE = loadTarget(
  'target: test\ntitle: T\ntests: client\nstart: { process: { command: [x] } }\nprotocols: ["3.1.1"]\n',
  "t.yaml",
);

const CASE = `suite: client/x
title: X
protocols: ["3.1.1"]
cases:
  - case: one
    purpose: it MUST
    table: { columns: [n], rows: [[1], [2]] }
    steps:
      - dte -> connect
      - broker <- CONNECT
`;

/** Runs the case twice, each time with what `react` does; returns how the runs ended and how many adapters were started. */
async function run(
  react: (request: Record<string, unknown>, adapter: TestAdapter) => void,
): Promise<{ readonly ended: readonly CaseEnded[]; readonly started: number }> {
  const { suite, problems } = loadSuite(CASE, "x.yaml");
  if (!suite || !FILE.target) throw new Error(formatProblems(problems, new Map([["x.yaml", CASE]])));
  let started = 0;
  const target: ClientTarget = {
    ...FILE.target,
    kind: "client",
    route: { over: { kind: "mqtt" } },
    address: "in this process",
    withinMs: 50,
    limitMs: 5_000,
    async openAdapter() {
      started++;
      const adapter = await Adapter.begin(new TestAdapter(react).greet().program, {
        replyMs: 100,
        resetMs: 100,
      });
      return { adapter, [Symbol.asyncDispose]: () => adapter.end() };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const dialects = { dialect: () => fail(), operations: () => undefined };
  const cases = plan(FILE.target, { suites: [suite], selection: {}, dialects });
  const events: RunEvent[] = [];
  let n = 0;
  await runCases({
    target,
    cases,
    jobs: 1,
    seed: 1,
    values: new Map(),
    emit: (event) => events.push(event),
    now: () => 0,
    nextNumber: () => ++n,
    signal: new AbortController().signal,
    shuffle: false,
    roundTrip: new RoundTrip(),
  });
  return { ended: events.filter((event): event is CaseEnded => event.kind === "case-ended"), started };
}

function fail(): never {
  throw new Error("No dialect is needed");
}

Deno.test("a reply that the wire contradicts is reported as such", async () => {
  const { ended, started } = await run((request, adapter) => adapter.write({ id: request.id, ok: true }));
  equal(started, 1);
  for (const { verdict, reason } of ended) {
    equal(verdict, "fail");
    match(reason ?? "", /opened no connection within 50 ms; the adapter had answered connect with ok$/);
  }
});

Deno.test("an adapter that does something wrong is an error of the case, and is started again for the next one", async () => {
  const wrong: readonly (readonly [
    act: (request: Record<string, unknown>, adapter: TestAdapter) => void,
    says: RegExp,
  ])[] = [
    [(_, adapter) => adapter.close(), /has closed its output and ended with status 3, and said: it hurts$/],
    [
      ({ id }, adapter) => adapter.write({ id, ok: true }).write({ id, ok: true }),
      /has already answered request 1/,
    ],
    [() => {}, /did not answer connect within 100 ms/],
    [(_, adapter) => adapter.text("Segmentation fault\n"), /not JSON/],
  ];
  for (const [act, says] of wrong) {
    const { ended, started } = await run(act);
    equal(started, 2);
    for (const { verdict, reason } of ended) {
      equal(verdict, "error");
      match(reason ?? "", says);
    }
  }
});

Deno.test("an adapter that can't be reset between two cases is started again", async () => {
  const { ended, started } = await run((request, adapter) => {
    if (request.do !== "reset") adapter.write({ id: request.id, ok: true });
  });
  equal(ended.length, 2);
  equal(started, 2);
});

Deno.test("what a library has no way to be asked is not shown, and what it refuses fails", async () => {
  const unsupported = await run((request, adapter) =>
    adapter.write({ id: request.id, unsupported: "no CONNECT" })
  );
  equal(unsupported.ended[0]?.verdict, "skip");
  equal(unsupported.ended[0]?.reason, "not shown: The library can't be asked for this connect: no CONNECT");
  const refused = await run((request, adapter) => adapter.write({ id: request.id, refused: "not today" }));
  equal(refused.ended[0]?.verdict, "fail");
  equal(refused.ended[0]?.reason, "The library refused connect: not today");
});
