import { messageOf } from "../../ground/error_message.ts";
import { ScriptedBroker } from "../../broker/scripted.ts";
import { pause } from "../../ground/wait.ts";
import { Scope } from "../../spec/scope.ts";
import type { ModuleTarget } from "../../target/target.ts";
import { DteParty } from "../../play/party/dte.ts";
import { mentionsOf } from "../../play/expected_names.ts";
import { ModuleLine } from "./line.ts";
import { DEAD_PORT } from "./reset.ts";
import type { Party } from "../../play/party/party.ts";
import type { PlannedCase } from "../plan.ts";
import { recorderOf, runPlanned } from "../planned_run.ts";
import type { Recorder } from "../../play/recorder.ts";
import { ScriptedParty } from "../../play/party/scripted_broker.ts";
import type { Stage } from "../../play/stage.ts";
import { caseScope, type Worker, type WorkerContext } from "../worker.ts";

/** How long the end of a line may take to be noticed by who reads it, in milliseconds. */
const NOTICED_MS = 1_000;

/** Runs cases on a module: opens a serial line of its own. Throws TransportError. */
export async function moduleWorker(context: WorkerContext, target: ModuleTarget): Promise<Worker> {
  const { signal, values, resetCommand } = context;
  const line = await ModuleLine.open(target, { signal, values, ...(resetCommand ? { resetCommand } : {}) });
  return {
    get lost() {
      return line.lost;
    },
    // Before the case's own time begins.
    async run(planned, n) {
      try {
        const recorder = recorderOf(context, n);
        await line.restart(recorder);
        if (await context.identity?.ask(line.dte, target.dialect, signal)) await line.restart(recorder);
      } catch (error) {
        if (context.signal.aborted) return undefined;
        const reason = messageOf(error);
        return {
          verdict: "error",
          reason: `The case could not be set up: ${reason}`,
          warnings: [],
          connectionLost: true,
        };
      }
      const result = await runPlanned(
        context,
        planned,
        n,
        (recorder, signal) =>
          // What waits for the module's other side need not wait for a module that nobody can type to.
          moduleStage(context, target, line, planned, n, recorder, AbortSignal.any([signal, line.gone])),
      );
      // Who writes to a line that hangs up may hear of it before who reads.
      if (result?.connectionLost && result.verdict === "error") await pause(NOTICED_MS, line.gone);
      // Whatever came of it, the module has not been asked all that it was to be asked.
      if (!result || !line.lost) return result;
      return {
        ...result,
        verdict: "error",
        reason: `${line.goneText} in the middle of the case`,
        warnings: [],
        connectionLost: true,
      };
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
  const said = mentionsOf(planned.case.steps);
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
