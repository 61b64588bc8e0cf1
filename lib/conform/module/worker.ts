import { ScriptedBroker } from "../../broker/scripted.ts";
import { messageOf } from "../../ground/error_message.ts";
import { pause } from "../../ground/wait.ts";
import type { CaseContext } from "../../play/case_context.ts";
import { expectedNames } from "../../play/expected_names.ts";
import { DteParty } from "../../play/party/dte.ts";
import type { Party } from "../../play/party/party.ts";
import { ScriptedParty } from "../../play/party/scripted_broker.ts";
import type { OwnedPlay } from "../../play/player.ts";
import type { TimeEstimated } from "../../run/event.ts";
import { Scope } from "../../spec/scope.ts";
import type { ModuleTarget } from "../../target/target.ts";
import type { PlannedCase } from "../plan.ts";
import { type CaseBasis, chartRecorder, runPlanned } from "../planned_run.ts";
import { judgement } from "../run_case.ts";
import { caseScope, type Worker, type WorkerContext } from "../worker.ts";
import { estimateMs } from "./estimate.ts";
import { ModuleLine } from "./line.ts";
import { DEAD_PORT } from "./reset.ts";
import { moduleRoundTrip } from "./round_trip.ts";
import { Usability } from "./usability.ts";

/** How long a reader may take to notice the end of a line, in milliseconds. */
const NOTICED_MS = 1_000;

/** Runs cases on a module, on its own serial line. Throws TransportError. */
export async function moduleWorker(context: WorkerContext, target: ModuleTarget): Promise<Worker> {
  const { signal, values, resetCommand } = context;
  const line = await ModuleLine.open(target, { signal, values, resetCommand });
  const usability = new Usability(line, target, context.operations, signal);
  return {
    get lost() {
      return line.lost;
    },
    get dead() {
      return line.dead;
    },
    async run(planned, n) {
      const recorder = chartRecorder(context, n);
      // Before the case's own time starts.
      try {
        const begun = performance.now();
        await line.restart(recorder);
        const resetMs = performance.now() - begun;
        if (await context.identity?.ask(line.dte, target.dialect, signal)) await line.restart(recorder);
        const { operations, roundTrip } = context;
        const measure = async () => {
          const measured = operations && await moduleRoundTrip(line, target, operations, signal, recorder);
          if (!measured) return undefined;
          usability.opened();
          if (line.keepsState) context.emit(estimate(context, measured.roundTripMs, resetMs));
          return measured;
        };
        if (operations && await roundTrip.once(measure) && !usability.shown) await line.restart(recorder);
        const refusal = await usability.refusal();
        if (refusal) return refusal;
      } catch (error) {
        if (context.signal.aborted) return undefined;
        return judgement("error", `The case could not be set up: ${messageOf(error)}`, true);
      }
      const result = await runPlanned(
        context,
        planned,
        n,
        recorder,
        (basis) => modulePlay(context, target, line, planned, basis),
      );
      // A writer may notice a hang-up before a reader does.
      if (result?.connectionLost && result.verdict === "error") await pause(NOTICED_MS, line.gone);
      // Whatever the verdict, the module has not been asked all that it was to be asked.
      if (!result) return result;
      if (!line.lost) return await usability.behind(planned, result);
      return { ...result, ...judgement("error", `${line.goneText} in the middle of the case`, true) };
    },
    [Symbol.asyncDispose]: () => line[Symbol.asyncDispose](),
  };
}

/** Creates the parties of a case on a module: its host, and the broker that it connects to. */
async function modulePlay(
  run: WorkerContext,
  target: ModuleTarget,
  line: ModuleLine,
  planned: PlannedCase,
  basis: CaseBasis,
): Promise<OwnedPlay> {
  await using stack = new AsyncDisposableStack();
  const listener = stack.use(ScriptedBroker.listen(target.listenHost, target.brokerPort));
  const variables = new Scope().set("case", basis.caseId).set("topic", basis.topic)
    .set("protocol", basis.protocol).set("seed", basis.seed)
    .set("host", target.brokerHost).set("port", listener.port).set("deadPort", DEAD_PORT)
    .set("client", { dte: `a${basis.caseId}` });
  const context: CaseContext = {
    ...basis,
    scope: caseScope(variables, planned, run),
    // There is no point in waiting for the module's network side once its line is gone.
    signal: AbortSignal.any([basis.signal, line.gone]),
  };
  const names = expectedNames(planned.case.steps);
  const broker = stack.use(new ScriptedParty(context, { listener, ownsPings: names.has("PINGREQ") }));
  const dte = new DteParty(context, { dte: line.dte, dialect: target.dialect, expectedNames: names });
  line.party = dte;
  const owned = stack.move();
  return {
    context,
    party: (lane): Party => lane === "broker" ? broker : dte,
    parties: () => [dte, broker],
    [Symbol.asyncDispose]() {
      // What follows is not part of the case's chart.
      context.recorder.end();
      return line.leave({
        listener,
        connected: () => broker.connected || listener.waiting > 0,
        cut: () => broker[Symbol.asyncDispose](),
        [Symbol.asyncDispose]: () => owned.disposeAsync(),
      });
    },
  };
}

/** How long the run's cases will take on a line whose pace has just been measured. */
function estimate(
  { cases, target, now }: WorkerContext,
  roundTripMs: number,
  resetMs: number,
): TimeEstimated {
  const run = cases.filter(({ skip }) => skip === undefined);
  const durationMs = Math.round(estimateMs(run, { resetMs, roundTripMs }));
  return { kind: "estimate", t: now(), target: target.name, cases: run.length, roundTripMs, durationMs };
}
