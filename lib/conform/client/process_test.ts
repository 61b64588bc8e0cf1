import { equal, match, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { seededRandom } from "../../ground/seeded_random.ts";
import type { CaseEnded, RunEvent } from "../../run/event.ts";
import { formatProblems } from "../../spec/problem.ts";
import { loadSuite } from "../../suite/file/load.ts";
import { reach } from "../../target/reach.ts";
import { loadTarget } from "../../target/target_file.ts";
import { plan } from "../plan.ts";
import { RoundTrip } from "../round_trip.ts";
import { runCases } from "../run.ts";

const PROGRAM = fileURLToPath(new URL("./test_process.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../../deno.json", import.meta.url));

const suiteOf = (rows: number) =>
  `suite: client/x
title: X
protocols: ["3.1.1"]
cases:
  - case: one
    purpose: it MUST
    table: { columns: [n], rows: [${Array.from({ length: rows }, (_, n) => `[${n}]`).join(", ")}] }
    steps:
      - dte -> connect
      - broker <- CONNECT
      - broker -> CONNACK
      - dte <- connected
      - dte -> publish: { id: 1, qos: 1, payload: x }
      - broker <- PUBLISH: { payload: x }
      - broker -> PUBACK: { packetId: 1 }
      - dte <- published: { id: 1 }
`;

interface Ran {
  readonly ended: readonly CaseEnded[];
  /** The processes that the adapter has started, itself among them. */
  readonly pids: readonly number[];
}

/** Runs the case with the adapter that does something wrong. `tells` hears each event of the run. */
async function ran(
  wrong: string,
  rows: number,
  tells: (event: RunEvent, newest: () => number | undefined) => void = () => {},
): Promise<Ran> {
  const text = suiteOf(rows);
  const { suite, problems } = loadSuite(text, "x.yaml");
  if (!suite) throw new Error(formatProblems(problems, new Map([["x.yaml", text]])));
  const list = await Deno.makeTempFile();
  const pids = () => Deno.readTextFileSync(list).trim().split("\n").filter((line) => line !== "").map(Number);
  const grants = ["--allow-net=127.0.0.1", `--allow-write=${list}`, "--allow-run=sleep"];
  const words = [Deno.execPath(), "run", "-q", "--config", CONFIG, ...grants, PROGRAM, list, wrong];
  const command = JSON.stringify(words);
  const { target: file } = loadTarget(
    `target: t\ntitle: T\ntests: client\nstart: { process: { command: ${command}, stop: 300ms } }\nprotocols: ["3.1.1"]\n`,
    "t.yaml",
  );
  ok(file);
  const events: RunEvent[] = [];
  const { signal } = new AbortController();
  let n = 0;
  try {
    await using stack = new AsyncDisposableStack();
    const target = stack.use(await reach(file, { dialect: () => ({}) as never, signal }));
    const dialects = { dialect: () => ({}) as never, operations: () => undefined };
    const outcome = await runCases({
      target,
      cases: plan(file, { suites: [suite], selection: {}, dialects }),
      jobs: 1,
      seed: 1,
      values: new Map(),
      emit: (event) => {
        events.push(event);
        tells(event, () => pids().at(-1));
      },
      now: () => 0,
      nextNumber: () => ++n,
      signal,
      shuffle: false,
      roundTrip: new RoundTrip(),
    });
    equal(outcome.outcome, "done");
    await stack.disposeAsync();
    return { ended: events.filter((event) => event.kind === "case-ended"), pids: pids() };
  } finally {
    await Deno.remove(list);
  }
}

/** Whether a process runs. */
async function runs(pid: number): Promise<boolean> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
  // One that has ended and that nobody has waited for is a zombie.
  return stat !== "" && !/^\d+ \(.*\) Z/s.test(stat);
}

async function noneRuns(pids: readonly number[]): Promise<void> {
  for (const pid of pids) equal(await runs(pid), false, `process ${pid} still runs`);
}

const WRONG: readonly (readonly [wrong: string, says: RegExp])[] = [
  ["flooding", /has reported an event of an unknown client; it wrote/],
  ["flooding with events", /has told more than 10000 things that nobody waits for/],
  ["twice", /has already answered request \d+; it wrote/],
  ["out of order", /was not asked request \d+; it wrote/],
  ["never", /did not answer publish within 5000 ms/],
  ["deaf", /did not answer publish within 5000 ms/],
  ["half a line", /has closed its output and exited with status 3/],
  ["endless line", /wrote a line of more than 4194304 bytes/],
];

for (const [wrong, says] of WRONG) {
  Deno.test(`a process of an adapter, ${wrong}: the case is an error, the run ends, and nothing is left`, async () => {
    const { ended, pids } = await ran(wrong, 2);
    equal(ended.length, 2);
    for (const { verdict, reason } of ended) {
      equal(verdict, "error");
      match(reason ?? "", says);
    }
    equal(pids.length, 2, "the adapter is started again for the second case");
    await noneRuns(pids);
  });
}

Deno.test("what an adapter has started ends with it", async () => {
  const { ended, pids } = await ran("with a child", 1);
  equal(ended[0]?.verdict, "pass");
  equal(pids.length, 2);
  await noneRuns(pids);
});

Deno.test("an adapter that is killed at 20 random moments costs the case of that moment, and no other", async () => {
  const random = seededRandom(17);
  const rows = 60;
  const { ended: [calm] } = await ran("nothing", 1);
  equal(calm?.verdict, "pass", calm?.reason);
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let killed = 0;
  const { ended, pids } = await ran("nothing", rows, (event, newest) => {
    if (event.kind !== "step" || killed === 20 || timers.size > 0 || random() < 0.8) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      const pid = newest();
      if (pid === undefined) return;
      try {
        Deno.kill(pid, "SIGKILL");
        killed++;
      } catch {
        // It has been killed already, and the next is starting.
      }
    }, random() * 20);
    timers.add(timer);
  });
  timers.forEach(clearTimeout);
  equal(killed, 20);
  equal(ended.length, rows);
  let errors = 0;
  for (const { verdict, reason } of ended) {
    if (verdict === "pass") continue;
    equal(verdict, "error", reason);
    match(reason ?? "", /The adapter of t has closed its output and exited with status 137|did not start/);
    errors++;
  }
  ok(errors > 0 && errors <= killed, `${errors} errors of ${killed} kills`);
  await noneRuns(pids);
});
