import type { QoS } from "../../mqtt/packet.ts";
import type { BrokerTarget } from "../../target/target.ts";
import { brokerStage, brokerVariables } from "./stage.ts";
import { runPlanned } from "../planned_run.ts";
import { caseScope, type Worker, type WorkerContext } from "../worker.ts";

/** Runs cases against a broker; several workers share one. */
export function brokerWorker(context: WorkerContext, target: BrokerTarget): Promise<Worker> {
  const maximumQoS: QoS = target.supports.includes("qos2") ? 2 : target.supports.includes("qos1") ? 1 : 0;
  return Promise.resolve({
    run: (planned, n) =>
      runPlanned(context, planned, n, (recorder, signal, endsAt) => {
        const { lanes } = planned.case;
        const caseId = context.runId + n.toString(36).padStart(4, "0");
        const builtIn = brokerVariables(caseId, lanes, planned.protocol, context.seed);
        return Promise.resolve(brokerStage({
          protocol: planned.protocol,
          caseId,
          id: planned.case.id,
          seed: context.seed,
          scope: caseScope(builtIn, planned, context),
          lanes,
          recorder,
          signal,
          withinMs: target.withinMs,
          maximumQoS,
          endsAt,
          target,
        }));
      }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}
