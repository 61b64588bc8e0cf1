import { ScriptedBroker } from "../broker/scripted.ts";
import { Scope } from "../spec/scope.ts";
import type { Case, Outcome, Step } from "../suite/model.ts";
import type { ModuleTarget } from "../target/target.ts";
import { DteParty } from "./dte_party.ts";
import { ModuleLine } from "./module_line.ts";
import type { Party } from "./party.ts";
import type { PlannedCase } from "./plan.ts";
import { runPlanned } from "./planned_run.ts";
import type { Recorder } from "./recorder.ts";
import { ScriptedParty } from "./scripted_party.ts";
import type { Stage } from "./stage.ts";
import { caseScope, type Worker, type WorkerContext } from "./worker.ts";

/** The port of tcpmux, which nobody serves. */
const DEAD_PORT = 1;

/** Runs cases on a module: opens a serial line of its own. Throws TransportError. */
export async function moduleWorker(context: WorkerContext, target: ModuleTarget): Promise<Worker> {
  const line = new ModuleLine(target, await target.openPort(context.signal));
  return {
    get lost() {
      return line.dte.closed !== undefined;
    },
    run: (planned, n) =>
      runPlanned(
        context,
        planned,
        n,
        (recorder, signal) => moduleStage(context, target, line, planned, n, recorder, signal),
      ),
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
  line.party = undefined;
  await line.reset(signal);
  await using stack = new AsyncDisposableStack();
  const listener = stack.use(ScriptedBroker.listen(target.brokerHost));
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
  stack.defer(() => void (line.party = undefined));
  // While its connection still stands: a module that loses it connects again by itself, and ends in the next case.
  stack.defer(() => line.leave(broker, target.brokerHost, listener.port, context.signal));
  const owned = stack.move();
  return {
    scope,
    signal,
    withinMs: target.withinMs,
    party: (lane): Party => lane === "broker" ? broker : dte,
    parties: () => [dte, broker],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
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
