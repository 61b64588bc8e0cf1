import { messageOf } from "../ground/error_message.ts";
import type { CaseEnded } from "../run/event.ts";
import type { Target } from "../target/target.ts";
import { levelIn } from "../suite/file/model.ts";
import { brokerWorker } from "./broker/worker.ts";
import { moduleWorker } from "./module/worker.ts";
import { seededRandom } from "../ground/seeded_random.ts";
import { inOrder, type PlannedCase, shuffled } from "./plan.ts";
import type { CaseJudgement } from "./run_case.ts";
import type { RunCasesOptions, Worker, WorkerContext } from "./worker.ts";

/**
 * Runs the planned cases of one target, several at once, and emits what happens. A case that a dead target explains is
 * an `error`, and so are all that follow; `target-died` is then the result.
 */
export async function runCases(options: RunCasesOptions): Promise<"done" | "target-died" | "interrupted"> {
  const context: WorkerContext = { ...options, runId: Date.now().toString(36).slice(-8).padStart(8, "0") };
  const order = options.shuffle ? shuffled(options.cases, seededRandom(options.seed)) : options.cases;
  const { together, alone } = inOrder(order);
  const health = new Health(options.target);
  await pool(context, health, together, Math.min(options.jobs, mostJobs(options.target)));
  await pool(context, health, alone, 1);
  if (options.signal.aborted) return "interrupted";
  return health.died === undefined ? "done" : "target-died";
}

async function pool(
  context: WorkerContext,
  health: Health,
  cases: readonly PlannedCase[],
  jobs: number,
): Promise<void> {
  const queue = cases[Symbol.iterator]();
  const work = async () => {
    let worker: Worker | undefined;
    try {
      for (const planned of queue) {
        if (context.signal.aborted || context.now() >= (context.untilMs ?? Infinity)) return;
        // A case that a lost line has cut begins once more, on a line that is opened anew.
        for (let again = false, first = true; first || again; first = false) {
          const n = context.nextNumber();
          const started = context.now();
          emitStart(context, planned, n, started);
          const result = await settle(context, health, planned, async () => {
            worker ??= await makeWorker(context);
            return await worker.run(planned, n);
          });
          again = first && worker?.lost === true && result?.verdict === "error";
          if (result && !again) emitEnd(context, planned, n, started, result);
        }
      }
    } finally {
      await worker?.[Symbol.asyncDispose]();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, cases.length) }, work));
}

async function settle(
  context: WorkerContext,
  health: Health,
  planned: PlannedCase,
  run: () => Promise<CaseJudgement | undefined>,
): Promise<CaseJudgement | undefined> {
  if (planned.skip !== undefined) return verdict("skip", planned.skip);
  if (health.died !== undefined) return verdict("error", health.died);
  let result: CaseJudgement | undefined;
  try {
    result = await run();
  } catch (error) {
    if (context.signal.aborted) return undefined;
    const message = messageOf(error);
    result = { ...verdict("error", message), connectionLost: true };
  }
  if (!result?.connectionLost || context.signal.aborted) return result;
  const died = await health.check();
  // Ctrl-C in a terminal also ends a target that was started for the run.
  if (context.signal.aborted) return undefined;
  return died === undefined
    ? result
    : { ...result, verdict: "error", reason: `${died}; ${result.reason ?? ""}` };
}

function verdict(verdict: CaseJudgement["verdict"], reason: string): CaseJudgement {
  return { verdict, reason, warnings: [], connectionLost: false };
}

/** Whether a target is still there, asked once at a time. */
class Health {
  /** The sentence that says that it is gone, once it is. */
  died: string | undefined;
  readonly #target: Target;
  #asking: Promise<void> | undefined;

  constructor(target: Target) {
    this.#target = target;
  }

  async check(): Promise<string | undefined> {
    if (this.died !== undefined) return this.died;
    this.#asking ??= this.#ask().finally(() => this.#asking = undefined);
    await this.#asking;
    return this.died;
  }

  async #ask(): Promise<void> {
    const { kind, name, address } = this.#target;
    if (kind !== "broker" || await this.#target.alive()) return;
    this.died = `The target "${name}" can no longer be reached at ${address}`;
  }
}

function mostJobs(target: Target): number {
  return target.kind === "module" ? target.mostPorts : Infinity;
}

function makeWorker(context: WorkerContext): Promise<Worker> {
  const { target } = context;
  return target.kind === "broker" ? brokerWorker(context, target) : moduleWorker(context, target);
}

function emitStart(context: WorkerContext, planned: PlannedCase, n: number, t: number): void {
  const { case: one, protocol, iteration } = planned;
  context.emit({
    kind: "case-started",
    t,
    n,
    id: one.id,
    suite: one.suite,
    purpose: one.purpose,
    target: context.target.name,
    protocol,
    level: levelIn(one, protocol),
    covers: one.covers[protocol] ?? [],
    tags: one.tags,
    file: one.place.file,
    line: one.place.line,
    lanes: one.lanes,
    tried: one.tried,
    iteration: iteration > 1 || context.shuffle ? iteration : undefined,
  });
}

function emitEnd(
  context: WorkerContext,
  planned: PlannedCase,
  n: number,
  started: number,
  result: CaseJudgement,
): void {
  const t = context.now();
  const { connectionLost: _, ...rest } = result;
  const expected = planned.expected && { verdict: planned.expected.verdict, reason: planned.expected.reason };
  const event: CaseEnded = {
    kind: "case-ended",
    t,
    n,
    ...rest,
    durationMs: t - started,
    expected,
  };
  context.emit(event);
}
