import { pause } from "../ground/wait.ts";
import { asDuration, asNumber, asText } from "../spec/evaluate.ts";
import type { Data, Scope } from "../spec/scope.ts";
import type { Value } from "../spec/value.ts";
import type { Generate } from "../suite/step/generate_step.ts";
import type { Outcome, Step } from "../suite/file/model.ts";
import { StepFailed } from "./step_failed.ts";
import type { Party } from "./party/party.ts";

/** What the steps of one case run on. */
export interface StepContext {
  readonly scope: Scope;
  readonly signal: AbortSignal;
  /** Milliseconds that an expectation waits where the step says nothing. */
  readonly withinMs: number;
  /** Ends the target and starts it again; absent where that can't be. */
  readonly restart?: () => Promise<void>;
  /** The party of a lane; made at its first use. */
  readonly party: (lane: string) => Party;
  /** Random topic filters and topic names; absent where there are no MQTT clients. */
  readonly generate?: (generate: Generate) => Promise<void>;
}

/** Milliseconds between two rounds of a `poll` that says nothing of it. */
const POLL_EVERY_MS = 1_000;

/** The most rounds that a `repeat` may make. */
const MOST_ROUNDS = 100_000;

/** Runs one step to its end. Throws {@link StepFailed} when it does not go as it says. */
export async function runStep(step: Step, context: StepContext): Promise<void> {
  const { scope, party } = context;
  switch (step.kind) {
    case "send":
      return await party(step.lane).send(step.send);
    case "open":
      return await party(step.lane).open(step.subprotocols?.map((one) => asText(one, scope)));
    case "restart":
      if (context.restart) return await context.restart();
      throw new StepFailed({ message: "This target can't be restarted", verdict: "error" });
    case "drop":
      return await party(step.lane).drop(isReset(step.how, scope));
    case "ignore":
      return party(step.lane).ignore();
    case "attempt":
      return await attempt(step.steps, context);
    case "nothing":
      return await party(step.lane).nothing(step.within && asDuration(step.within, scope));
    case "wait":
      return await pause(asDuration(step.duration, scope), context.signal);
    case "expect":
      return void await expectInAnyOrder([[step]], context);
    case "poll":
      return await poll(step, context);
    case "all":
      return void await expectInAnyOrder(
        step.steps.map((each) => each.kind === "sequence" ? each.steps.map(expectStep) : [expectStep(each)]),
        context,
      );
    case "sequence":
      return void expectStep(step);
    case "generate":
      if (context.generate) return await context.generate(step.generate);
      throw new StepFailed({ message: "There are no MQTT clients to generate topics for", verdict: "error" });
    case "repeat": {
      const times = asNumber(step.times, scope);
      if (!Number.isInteger(times) || times < 0 || times > MOST_ROUNDS) {
        throw new StepFailed({
          message: `A step can't be repeated ${times} times; 0 to ${MOST_ROUNDS} are possible`,
          verdict: "error",
        });
      }
      for (let round = 1; round <= times; round++) {
        context.signal.throwIfAborted();
        if (step.as !== undefined) scope.set(step.as, round);
        for (const inner of step.steps) await runStep(inner, context);
      }
      return;
    }
  }
}

/** Whether a connection is to be cut by RST. Throws {@link StepFailed} for a word that is none. */
function isReset(how: Value | undefined, scope: Scope): boolean {
  const word = how === undefined ? "fin" : asText(how, scope);
  if (word === "fin" || word === "rst") return word === "rst";
  throw new StepFailed({
    message: `A connection can't be cut by "${word}"; fin and rst are possible`,
    verdict: "error",
  });
}

/** What refuses a command at once. */
const REFUSALS: readonly string[] = ["ERROR", "+CME ERROR"];

/** Runs the steps up to the one whose command is refused. */
async function attempt(steps: readonly Step[], context: StepContext): Promise<void> {
  for (const step of steps) {
    if (step.kind !== "expect") {
      await runStep(step, context);
      continue;
    }
    const { place } = step;
    const refusals: readonly Outcome[] = [
      { kind: "final", text: "ERROR", args: [], place },
      { kind: "final", text: "+CME ERROR", args: [], place },
    ];
    const got = await expectInAnyOrder([[{ ...step, outcomes: [...step.outcomes, ...refusals] }]], context);
    if (REFUSALS.includes(typeOf(got))) return;
  }
}

/** Runs the steps until a round of them is met. Throws what the last round did not meet, once the time is over. */
async function poll(step: Extract<Step, { kind: "poll" }>, context: StepContext): Promise<void> {
  const { scope, signal } = context;
  const allMs = asDuration(step.within, scope);
  const everyMs = step.every === undefined ? POLL_EVERY_MS : asDuration(step.every, scope);
  const until = performance.now() + allMs;
  for (;;) {
    const next = performance.now() + everyMs;
    try {
      const withinMs = Math.max(1, Math.min(context.withinMs, until - performance.now()));
      for (const each of step.steps) await runStep(each, { ...context, withinMs });
      return;
    } catch (error) {
      if (!(error instanceof StepFailed) || error.finding.verdict !== undefined) throw error;
      if (signal.aborted || Math.max(next, performance.now()) >= until) {
        throw new StepFailed({ ...error.finding, message: `${error.finding.message}, for ${allMs} ms` });
      }
      await context.party("dte").settle?.(everyMs);
      await pause(Math.max(0, next - performance.now()), signal);
    }
  }
}

function typeOf(got: Data | undefined): string {
  const type = typeof got === "object" && got !== null && "type" in got ? got.type : "";
  return typeof type === "string" ? type : "";
}

type ExpectStep = Extract<Step, { kind: "expect" }>;

function expectStep(step: Step): ExpectStep {
  if (step.kind === "expect") return step;
  throw new StepFailed({
    message: `Only expectations stand in "all", not "${step.source}"`,
    verdict: "error",
  }, step.place);
}

/**
 * Takes arrivals, lane by lane, until each of the expectations has had its own; those of one list are met in its order.
 * Gives what came last.
 */
async function expectInAnyOrder(
  lists: readonly (readonly ExpectStep[])[],
  context: StepContext,
): Promise<Data | undefined> {
  let last: Data | undefined;
  const steps = lists.flat();
  const until = performance.now() +
    Math.max(...steps.map((step) => step.within ? asDuration(step.within, context.scope) : context.withinMs));
  for (const lane of new Set(steps.map((step) => step.lane))) {
    const open = lists.map((list) => list.filter((step) => step.lane === lane)).filter((list) =>
      list.length > 0
    );
    while (open.length > 0) {
      const left = Math.max(0, Math.ceil(until - performance.now()));
      const heads = open.flatMap((list) => list[0] ?? []);
      const taken = await context.party(lane).take(heads.map((step) => step.outcomes), left);
      const step = open[taken.index]?.shift();
      if (open[taken.index]?.length === 0) open.splice(taken.index, 1);
      if (step?.as !== undefined) context.scope.set(step.as, taken.got);
      last = taken.got;
    }
  }
  return last;
}
