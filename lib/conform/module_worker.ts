import { ScriptedBroker } from "../broker/scripted.ts";
import { Scope } from "../spec/scope.ts";
import type { Case, Outcome, Step } from "../suite/model.ts";
import type { ModuleTarget } from "../target/target.ts";
import { DteParty } from "./dte_party.ts";
import { ModuleLine } from "./module_line.ts";
import { DEAD_PORT } from "./module_reset.ts";
import type { Party } from "./party.ts";
import type { PlannedCase } from "./plan.ts";
import { runPlanned } from "./planned_run.ts";
import type { Recorder } from "./recorder.ts";
import { ScriptedParty } from "./scripted_party.ts";
import type { Stage } from "./stage.ts";
import { caseScope, type Worker, type WorkerContext } from "./worker.ts";

/** Runs cases on a module: opens a serial line of its own. Throws TransportError. */
export async function moduleWorker(context: WorkerContext, target: ModuleTarget): Promise<Worker> {
  const line = await ModuleLine.open(target, context.signal);
  return {
    get lost() {
      return line.lost;
    },
    // Before the case's own time begins.
    async run(planned, n) {
      try {
        await line.restart();
      } catch (error) {
        if (context.signal.aborted) return undefined;
        const reason = error instanceof Error ? error.message : String(error);
        return {
          verdict: "error",
          reason: `The case could not be set up: ${reason}`,
          warnings: [],
          connectionLost: true,
        };
      }
      return await runPlanned(
        context,
        planned,
        n,
        (recorder, signal) => moduleStage(context, target, line, planned, n, recorder, signal),
      );
    },
    [Symbol.asyncDispose]: () => line[Symbol.asyncDispose](),
  };
}

async function moduleStage(
  context: WorkerContext,
  target: ModuleTarget,
  line: ModuleLine,
  planned: PlannedCase,
  n: number,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const listener = stack.use(ScriptedBroker.listen(target.listenHost, target.brokerPort));
  const caseId = context.runId + n.toString(36).padStart(4, "0");
  const builtIn = new Scope().set("case", caseId).set("topic", `attest/${caseId}`).set(
    "protocol",
    planned.protocol,
  )
    .set("seed", context.seed).set("host", target.brokerHost).set("port", listener.port)
    .set("deadPort", DEAD_PORT).set("client", { dte: `a${caseId}` });
  const scope = caseScope(builtIn, planned, context);
  const said = mentions(planned.case);
  const broker = stack.use(
    new ScriptedParty({
      listener,
      recorder,
      scope,
      signal,
      withinMs: target.withinMs,
      ownsPings: said.has("PINGREQ"),
    }),
  );
  const dte = new DteParty({
    dte: line.dte,
    dialect: target.dialect,
    recorder,
    scope,
    signal,
    mentioned: said,
  });
  line.party = dte;
  const owned = stack.move();
  return {
    scope,
    signal,
    withinMs: target.withinMs,
    party: (lane): Party => lane === "broker" ? broker : dte,
    parties: () => [dte, broker],
    [Symbol.asyncDispose]() {
      // What follows is between the module and the line, and no part of the case's chart.
      recorder.end();
      return line.leave({
        listener,
        connected: () => broker.connected || listener.waiting > 0,
        cut: () => broker[Symbol.asyncDispose](),
        [Symbol.asyncDispose]: () => owned.disposeAsync(),
      });
    },
  };
}

/** The packets and prefixes that the expectations of a case name. */
function mentions(one: Case): ReadonlySet<string> {
  const said = new Set<string>();
  const outcome = (each: Outcome) => {
    if (each.kind === "packet") said.add(each.type);
    if (each.kind === "result") said.add(each.prefix);
  };
  const visit = (step: Step) => {
    if (step.kind === "expect") step.outcomes.forEach(outcome);
    if (step.kind === "all" || step.kind === "repeat") step.steps.forEach(visit);
  };
  one.steps.forEach(visit);
  return said;
}
