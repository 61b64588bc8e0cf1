import assert from "node:assert/strict";
import type { OwnedPlay } from "../play/player.ts";
import type { RunEvent } from "../run/event.ts";
import { Scope } from "../spec/scope.ts";
import { reach } from "../target/reach.ts";
import type { Target } from "../target/target.ts";
import { brokerPlay } from "./broker/play.ts";
import { type CaseBasis, caseId, chartRecorder, runPlanned } from "./planned_run.ts";
import { RoundTrip } from "./round_trip.ts";
import { brokerSuite, ecmtAlone, plannedFor, referenceTarget } from "./test_bench.ts";
import type { WorkerContext } from "./worker.ts";

const CASE = `
  - case: one
    purpose: it MUST answer
    use: { connected: { lane: c } }
    steps: [c -> PINGREQ, c <- PINGRESP]
`;

/** The reference broker, and the context of a worker for it. */
class Bench implements AsyncDisposable {
  readonly events: RunEvent[] = [];
  readonly context: WorkerContext;
  readonly #target: Target;

  private constructor(target: Target, more: Partial<WorkerContext>) {
    this.#target = target;
    this.context = {
      runId: "runrun01",
      target,
      cases: [],
      jobs: 1,
      seed: 9,
      values: new Map(),
      emit: (event) => void this.events.push(event),
      now: () => 0,
      nextNumber: () => 1,
      signal: new AbortController().signal,
      shuffle: false,
      roundTrip: new RoundTrip(),
      ...more,
    };
  }

  static async start(more: Partial<WorkerContext> = {}, defects: readonly string[] = []): Promise<Bench> {
    const { dialect } = await ecmtAlone();
    const { signal } = new AbortController();
    return new Bench(await reach(referenceTarget(defects, { withinMs: 300 }), { dialect, signal }), more);
  }

  /** Runs the only case of a suite; `see` is called with its context. */
  async run(cases: string, see: (basis: CaseBasis) => void = () => {}) {
    const [planned] = await plannedFor(await brokerSuite(cases));
    assert.ok(planned);
    const target = this.#target;
    assert.ok(target.kind === "broker");
    const recorder = chartRecorder(this.context, 35);
    const judged = await runPlanned(this.context, planned, 35, recorder, (basis) => {
      see(basis);
      const scope = new Scope().set("topic", basis.topic);
      const play: OwnedPlay = brokerPlay({ ...basis, scope }, {
        lanes: ["c"],
        maximumQoS: 2,
        retains: true,
        target,
        interruption: this.context.signal,
      });
      return Promise.resolve(play);
    });
    return { judged, recorder };
  }

  of<K extends RunEvent["kind"]>(kind: K): readonly Extract<RunEvent, { kind: K }>[] {
    return this.events.filter((event): event is Extract<RunEvent, { kind: K }> => event.kind === kind);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#target[Symbol.asyncDispose]();
  }
}

Deno.test("the id of a case run is its own in the run, and short enough for every version of MQTT", async () => {
  await using bench = await Bench.start();
  const ids = [1, 2, 35, 36, 36 ** 4 - 1].map((n) => caseId(bench.context, n));
  assert.deepEqual(ids, ["runrun010001", "runrun010002", "runrun01000z", "runrun010010", "runrun01zzzz"]);
  assert.notEqual(caseId({ ...bench.context, runId: "runrun02" }, 1), ids[0]);
});

Deno.test("a case is run with its topic, its seed and the target's time, longer by the round trip", async () => {
  const roundTrip = new RoundTrip();
  await roundTrip.once(() => Promise.resolve({ roundTripMs: 40 }));
  await using bench = await Bench.start({ roundTrip });
  const seen: CaseBasis[] = [];
  let leftMs = 0;
  const { judged } = await bench.run(CASE, (basis) => {
    seen.push(basis);
    leftMs = basis.time.endsAt - performance.now();
  });
  assert.equal(judged?.verdict, "pass");
  const [basis] = seen;
  assert.ok(basis);
  assert.deepEqual([basis.id, basis.caseId, basis.topic, basis.seed, basis.protocol], [
    "demo/one",
    "runrun01000z",
    "attest/runrun01000z",
    9,
    "3.1.1",
  ]);
  assert.deepEqual([basis.time.withinMs, basis.time.delayMs], [340, 40]);
  const { limitMs } = bench.context.target;
  assert.ok(leftMs <= limitMs && leftMs > limitMs - 40, `${leftMs} of ${limitMs}`);
});

Deno.test("a case's own limit goes before the target's", async () => {
  await using bench = await Bench.start();
  const { judged } = await bench.run(CASE.replace("steps: [", "limit: 50ms\n    steps: [wait: 1h, "));
  assert.equal(judged?.reason, "The case did not end within its limit of 50 ms");
});

Deno.test("each step is reported as it ends, with its place, its opening and its outcome", async () => {
  await using bench = await Bench.start({}, ["pingresp-lost"]);
  const { judged } = await bench.run(CASE);
  assert.equal(judged?.verdict, "fail");
  const steps = bench.of("step");
  assert.deepEqual(steps.map(({ index, outcome, opening }) => [index, outcome, opening]), [
    [0, "done", "connected"],
    [1, "done", "connected"],
    [2, "done", undefined],
    [3, "failed", undefined],
  ]);
  assert.ok(steps.every(({ n }) => n === 35));
  assert.deepEqual(steps.slice(2).map(({ source, file }) => [source, file]), [
    ["c -> PINGREQ", "test.yaml"],
    ["c <- PINGRESP", "test.yaml"],
  ]);
});

Deno.test("the chart of a case ends with it, and is not written if it is not wanted", async () => {
  await using bench = await Bench.start();
  const { recorder } = await bench.run(CASE);
  const charted = bench.of("chart").length;
  assert.ok(charted > 4, `${charted}`);
  recorder.note("c", "late");
  assert.equal(bench.of("chart").length, charted);

  await using silent = await Bench.start({ charts: false });
  await silent.run(CASE);
  assert.deepEqual(silent.of("chart"), []);
});

Deno.test("the rules that a case breaks are reported with its id and its protocol", async () => {
  const told: string[] = [];
  await using bench = await Bench.start({
    onBroken: (id, protocol, rule) => void told.push(`${id} ${protocol} ${rule}`),
  });
  await bench.run(CASE.replace("[c -> PINGREQ,", "[{ c -> PINGREQ: { flags: 1 } },"));
  assert.deepEqual(told, ["demo/one 3.1.1 reserved-flags"]);
});

Deno.test("a broken rule that the case does not name is an error if no callback takes it", async () => {
  await using bench = await Bench.start();
  const wrong = CASE.replace("[c -> PINGREQ,", "[{ c -> PINGREQ: { flags: 1 } },");
  assert.equal((await bench.run(wrong)).judged?.verdict, "error");
  const named = wrong.replace("    use:", "    breaks: [reserved-flags]\n    use:");
  assert.equal((await bench.run(named)).judged?.verdict, "fail");
});
