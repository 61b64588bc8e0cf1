import { messageOf } from "../ground/error_message.ts";
import { seededRandom } from "../ground/seeded_random.ts";
import type { Expected } from "../run/event.ts";
import { levelIn } from "../suite/file/model.ts";
import { findingFor } from "../target/known_finding.ts";
import type { Target } from "../target/target.ts";
import { brokerWorker } from "./broker/worker.ts";
import { clientWorker } from "./client/worker.ts";
import { ALONE_RUNS, Confirmation, mayBeCrowded } from "./confirm.ts";
import { Liveness } from "./liveness.ts";
import { moduleWorker } from "./module/worker.ts";
import { inOrder, type PlannedCase, shuffled } from "./plan.ts";
import { type CaseJudgement, judgement } from "./run_case.ts";
import type { RunCasesOptions, Worker, WorkerContext } from "./worker.ts";

/** The overall result of one target's cases. */
export interface CasesRun {
  readonly outcome: "done" | "target-gone" | "interrupted";
  /** If the target is gone: a sentence that names the cases that ran when it went. */
  readonly reason?: string | undefined;
}

/**
 * Runs the planned cases of one target, several at once, and emits their events.
 *
 * A case that missed something beside other cases runs again alone, and only that counts. If a target goes
 * down, attest waits for it; the cases that ran then run again alone, and one that brings it down again has
 * failed. If it does not come back, these cases and all later ones are errors.
 */
export async function runCases(options: RunCasesOptions): Promise<CasesRun> {
  const context: WorkerContext = { ...options, runId: Date.now().toString(36).slice(-8).padStart(8, "0") };
  const order = options.shuffle ? shuffled(options.cases, seededRandom(options.seed)) : options.cases;
  const { together, alone } = inOrder(order);
  const run = new Run(context);
  await run.together(together, Math.min(options.jobs, mostJobs(options.target)));
  await run.again();
  await run.alone(alone);
  if (options.signal.aborted) return { outcome: "interrupted" };
  const reason = run.goneReason;
  return reason === undefined ? { outcome: "done" } : { outcome: "target-gone", reason };
}

/** A case run with an uncertain result. */
interface Doubtful {
  readonly planned: PlannedCase;
  readonly beside: CaseJudgement;
}

class Run {
  readonly #context: WorkerContext;
  readonly #liveness: Liveness;
  readonly #confirmation = new Confirmation();
  /** Cases that missed something beside other cases. */
  readonly #crowded: Doubtful[] = [];
  /** Cases that ran when the target went down. */
  readonly #suspects: Doubtful[] = [];
  /** The ids of those that ran when it went down permanently. */
  readonly #lastSeen = new Set<string>();
  /** Why a target that has never answered is not tried any further. */
  #dead: string | undefined;

  constructor(context: WorkerContext) {
    this.#context = context;
    this.#liveness = new Liveness(context.target, context.signal);
  }

  /** That the target is gone for good, and which cases ran when it went; or that it has never answered. */
  get goneReason(): string | undefined {
    if (this.#dead !== undefined) return this.#dead;
    const { gone } = this.#liveness;
    if (gone === undefined) return undefined;
    const ids = [...this.#lastSeen];
    return ids.length === 0 ? gone : `${gone}; when it went, these cases ran: ${ids.join(", ")}`;
  }

  /** Runs cases, several at once; uncertain ones wait for {@link again}. */
  async together(cases: readonly PlannedCase[], jobs: number): Promise<void> {
    const beside = jobs > 1 && cases.length > 1 && this.#context.confirm !== false;
    await this.#pool(cases, jobs, async (planned, execute) => {
      const ran = await execute(planned);
      if (!ran) return;
      const { result } = ran;
      const known = expectedOf(planned, result)?.verdict === result.verdict;
      if (result.outage) this.#postpone(this.#suspects, planned, ran);
      else if (beside && !known && mayBeCrowded(result)) this.#postpone(this.#crowded, planned, ran);
      else this.#emitEnd(planned, ran);
    });
  }

  /**
   * Runs uncertain cases again, alone: first those that may have brought the target down, then those that
   * missed something.
   */
  async again(): Promise<void> {
    if (this.#liveness.gone !== undefined) return this.#giveUp();
    await this.#pool(this.#suspects.splice(0), 1, async ({ planned }, execute) => {
      const ran = await execute(planned, 1);
      if (!ran) return;
      if (this.#liveness.gone !== undefined) this.#lastSeen.add(planned.case.id);
      this.#emitEnd(planned, { ...ran, result: orBroughtDown(ran.result) });
    });
    await this.#pool(this.#crowded.splice(0), 1, async ({ planned, beside }, execute) => {
      if (this.#confirmation.needless) {
        const n = this.#emitStart(planned);
        return this.#emitEnd(planned, {
          n,
          started: this.#context.now(),
          result: this.#confirmation.unconfirmed(beside),
        });
      }
      const alone: CaseJudgement[] = [];
      const begun = this.#context.now();
      for (let nth = 1; nth <= ALONE_RUNS; nth++) {
        const ran = await execute(planned, nth);
        if (!ran) return;
        alone.push(orBroughtDown(ran.result));
        if (nth < ALONE_RUNS) this.#emitEnd(planned, ran, true);
        else {
          const result = this.#confirmation.judge(beside, alone, this.#context.now() - begun);
          this.#emitEnd(planned, { ...ran, result });
        }
      }
    });
  }

  /** Runs cases one at a time. */
  async alone(cases: readonly PlannedCase[]): Promise<void> {
    await this.together(cases, 1);
    await this.again();
  }

  /** Turns the uncertain cases, which cannot run again, and all later ones into errors. */
  #giveUp(): void {
    for (const { planned } of this.#suspects) this.#lastSeen.add(planned.case.id);
    for (const { planned, beside } of [...this.#suspects.splice(0), ...this.#crowded.splice(0)]) {
      const n = this.#emitStart(planned);
      const result = judgement("error", `${this.#liveness.gone}; ${beside.reason ?? ""}`, true);
      this.#emitEnd(planned, { n, started: this.#context.now(), result });
    }
  }

  /** Schedules a case for a run alone; its earlier results stay in the record. */
  #postpone(list: Doubtful[], planned: PlannedCase, ran: Ran): void {
    list.push({ planned, beside: ran.result });
    this.#emitEnd(planned, ran, true);
  }

  async #pool<T>(
    items: readonly T[],
    jobs: number,
    each: (
      item: T,
      execute: (planned: PlannedCase, alone?: number) => Promise<Ran | undefined>,
    ) => Promise<void>,
  ): Promise<void> {
    const context = this.#context;
    const queue = items[Symbol.iterator]();
    const work = async () => {
      let worker: Worker | undefined;
      const execute = async (planned: PlannedCase, alone?: number): Promise<Ran | undefined> => {
        // A case that a lost line has cut short starts again, on a reopened line.
        for (let first = true;; first = false) {
          const started = context.now();
          const n = this.#emitStart(planned, alone);
          const result = await this.#settle(planned, async () => {
            worker ??= await makeWorker(context);
            return await worker.run(planned, n);
          });
          if (!result) return undefined;
          if (!(first && worker?.lost === true && result.verdict === "error")) return { n, started, result };
        }
      };
      try {
        for (const item of queue) {
          await this.#liveness.settled();
          if (context.signal.aborted || context.now() >= (context.untilMs ?? Infinity)) return;
          if (this.#dead !== undefined) return;
          await each(item, execute);
          this.#dead = worker?.dead;
        }
      } finally {
        await worker?.[Symbol.asyncDispose]();
      }
    };
    await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, work));
  }

  /** Judges a case, considering the target's own state. Returns undefined if the run was stopped meanwhile. */
  async #settle(
    planned: PlannedCase,
    run: () => Promise<CaseJudgement | undefined>,
  ): Promise<Settled | undefined> {
    const { signal } = this.#context;
    if (planned.skip !== undefined) return judgement("skip", planned.skip);
    const { gone, outages } = this.#liveness;
    if (gone !== undefined) return judgement("error", gone);
    let result: CaseJudgement | undefined;
    try {
      result = await run();
    } catch (error) {
      if (signal.aborted) return undefined;
      result = judgement("error", messageOf(error), true);
    }
    if (!result?.connectionLost || signal.aborted) return signal.aborted ? undefined : result;
    const alive = await this.#liveness.check();
    // Ctrl-C in a terminal also ends a target that was started for the run.
    if (signal.aborted) return undefined;
    if (alive === "gone") return { ...result, outage: true };
    return this.#liveness.outages > outages ? { ...result, outage: true } : result;
  }

  /** Emits the start of a case and returns its number. `alone`: the number of its run alone. */
  #emitStart(planned: PlannedCase, alone?: number): number {
    const { case: one, protocol, iteration } = planned;
    const { emit, now, nextNumber, shuffle, target } = this.#context;
    const n = nextNumber();
    emit({
      kind: "case-started",
      t: now(),
      n,
      id: one.id,
      suite: one.suite,
      purpose: one.purpose,
      target: target.name,
      protocol,
      level: levelIn(one, protocol),
      covers: one.covers[protocol] ?? [],
      tags: one.tags,
      file: one.place.file,
      line: one.place.line,
      lanes: one.lanes,
      tried: one.tried,
      iteration: iteration > 1 || shuffle ? iteration : undefined,
      alone,
    });
    return n;
  }

  /** Emits the end of a case run; `unconfirmed`: it runs again, and only that counts. */
  #emitEnd(planned: PlannedCase, { n, started, result }: Ran, unconfirmed?: true): void {
    const t = this.#context.now();
    const { verdict, reason, failure, warnings, onlyBesideOthers } = result;
    const expected = expectedOf(planned, result);
    this.#context.emit({
      kind: "case-ended",
      t,
      n,
      verdict,
      reason,
      failure,
      warnings,
      durationMs: t - started,
      expected,
      onlyBesideOthers,
      lacks: planned.lacks,
      limit: result.limit,
      beyond: planned.beyond,
      unconfirmed,
    });
  }
}

/** One execution of a case. */
interface Ran {
  readonly n: number;
  /** When it started, in milliseconds since the start of the run. */
  readonly started: number;
  readonly result: Settled;
}

/** A judgement, and whether the target went down while the case ran. */
type Settled = CaseJudgement & { readonly outage?: true };

/** What is known of a case run: what is listed for its case, or else for what was wrong. */
function expectedOf(
  { expected, findings = [], protocol }: PlannedCase,
  result: CaseJudgement,
): Expected | undefined {
  if (expected) {
    const { verdict, reason, sometimes } = expected;
    return { verdict, reason, sometimes };
  }
  const found = findingFor(findings, protocol, result);
  return found && { verdict: result.verdict, reason: found.reason };
}

/** What a case is that brought the target down alone. */
function orBroughtDown(result: Settled): CaseJudgement {
  if (!result.outage || result.verdict === "error") return result;
  const reason = `The target went down: ${result.reason ?? "its connection was lost"}`;
  return { ...result, verdict: "fail", reason };
}

function mostJobs(target: Target): number {
  return target.kind === "module" ? target.mostPorts : Infinity;
}

function makeWorker(context: WorkerContext): Promise<Worker> {
  const { target } = context;
  switch (target.kind) {
    case "broker":
      return brokerWorker(context, target);
    case "module":
      return moduleWorker(context, target);
    case "client":
      return clientWorker(context, target);
  }
}
