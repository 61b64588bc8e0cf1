import { ScriptedBroker } from "../../broker/scripted.ts";
import { AdapterError } from "../../client/adapter.ts";
import { messageOf } from "../../ground/error_message.ts";
import type { CaseContext } from "../../play/case_context.ts";
import { expectedNames } from "../../play/expected_names.ts";
import { PacketIds } from "../../play/packet_ids.ts";
import { AdapterParty } from "../../play/party/adapter.ts";
import { type ClientHome, routeFields } from "../../play/party/adapter_requests.ts";
import type { Party } from "../../play/party/party.ts";
import { ScriptedParty } from "../../play/party/scripted_broker.ts";
import type { OwnedPlay } from "../../play/player.ts";
import { isProtocolVersion } from "../../mqtt/packet.ts";
import { Scope } from "../../spec/scope.ts";
import type { ClientRoute, ClientTarget, RunningAdapter } from "../../target/target.ts";
import type { PlannedCase } from "../plan.ts";
import { type CaseBasis, chartRecorder, runPlanned } from "../planned_run.ts";
import { type CaseJudgement, judgement } from "../run_case.ts";
import { caseScope, type Worker, type WorkerContext } from "../worker.ts";

/** Where the scripted broker listens. */
const LOOPBACK = "127.0.0.1";
/** A port that nobody serves. */
const DEAD_PORT = 1;

/** Runs cases on a client library, by an adapter of its own that is started again once it did something wrong. */
export function clientWorker(context: WorkerContext, target: ClientTarget): Promise<Worker> {
  let running: RunningAdapter | undefined;
  const end = async () => {
    const ended = running;
    running = undefined;
    await ended?.[Symbol.asyncDispose]();
  };
  /** An adapter that knows no client. One that can't be reset is started again. */
  const ready = async (): Promise<RunningAdapter> => {
    if (running) {
      try {
        await running.adapter.reset();
        return running;
      } catch (error) {
        if (!(error instanceof AdapterError)) throw error;
        await end();
      }
    }
    return running = await target.openAdapter(context.signal);
  };
  return Promise.resolve({
    async run(planned, n) {
      const recorder = chartRecorder(context, n);
      let adapter: RunningAdapter;
      try {
        adapter = await ready();
      } catch (error) {
        if (context.signal.aborted) return undefined;
        return judgement("error", `The case could not be set up: ${messageOf(error)}`, true);
      }
      let application: AdapterParty | undefined;
      const result = await runPlanned(context, planned, n, recorder, async (basis) => {
        const played = await clientPlay(context, { adapter, route: target.route }, planned, basis);
        application = played.application;
        return played;
      });
      const { fault } = adapter.adapter;
      if (!fault) return result && contradicted(result, application?.taken);
      await end();
      // Whatever the verdict of the case, its adapter has not said what the library did.
      return result && { ...result, ...judgement("error", fault.message) };
    },
    [Symbol.asyncDispose]: end,
  });
}

/** Adds to a missing packet's reason that the adapter had reported the request as accepted. */
function contradicted(result: CaseJudgement, taken: string | undefined): CaseJudgement {
  if (!result.missing || result.reason === undefined || taken === undefined) return result;
  return { ...result, reason: `${result.reason}; the adapter had answered ${taken} with ok` };
}

/** The parties of a case on a client library: its application, and the broker that it connects to. */
async function clientPlay(
  run: WorkerContext,
  { adapter: { adapter }, route }: { readonly adapter: RunningAdapter; readonly route: ClientRoute },
  planned: PlannedCase,
  basis: CaseBasis,
): Promise<OwnedPlay & { readonly application: AdapterParty }> {
  const listener = await ScriptedBroker.over(route.over, LOOPBACK);
  const variables = new Scope().set("case", basis.caseId).set("topic", basis.topic)
    .set("protocol", basis.protocol).set("seed", basis.seed)
    .set("host", LOOPBACK).set("port", listener.port).set("deadPort", DEAD_PORT)
    .set("client", { dte: basis.caseId });
  const context: CaseContext = {
    ...basis,
    scope: caseScope(variables, planned, run),
    // What waits for the library's packets need not wait for one that nobody can drive.
    signal: AbortSignal.any([basis.signal, adapter.gone]),
  };
  const ids = new PacketIds();
  const version = isProtocolVersion(basis.protocol) ? basis.protocol : "3.1.1";
  const names = expectedNames(planned.case.steps);
  const broker = new ScriptedParty(context, {
    listener,
    ownsPings: names.has("PINGREQ"),
    version,
    ids,
    oneShot: adapter.hello.supports.includes("one-shot"),
    onTaken: () => dte.taken = undefined,
  });
  const home: ClientHome = {
    client: basis.caseId,
    server: LOOPBACK,
    port: listener.port,
    protocol: version,
    ...routeFields(route),
  };
  const dte = new AdapterParty(context, {
    adapter,
    home,
    ids,
    steps: planned.case.steps,
    onConnected: () => broker.caughtUp(),
  });
  return {
    application: dte,
    context,
    party: (lane): Party => lane === "broker" ? broker : dte,
    parties: () => [dte, broker],
    async [Symbol.asyncDispose]() {
      context.recorder.end();
      await broker[Symbol.asyncDispose]();
      await listener[Symbol.asyncDispose]();
    },
  };
}
