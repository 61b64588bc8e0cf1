import type { QoS } from "../../mqtt/packet.ts";
import { claimsIn } from "../../suite/claim/claims.ts";
import type { BrokerTarget } from "../../target/target.ts";
import { caseId, chartRecorder, runPlanned } from "../planned_run.ts";
import { caseScope, type Worker, type WorkerContext } from "../worker.ts";
import { brokerPlay, brokerVariables } from "./play.ts";

/** Runs cases against a broker; several workers share one. */
export function brokerWorker(context: WorkerContext, target: BrokerTarget): Promise<Worker> {
  return Promise.resolve({
    run(planned, n) {
      const { lanes } = planned.case;
      const { supports } = claimsIn(target, planned.protocol);
      const maximumQoS: QoS = supports.includes("qos2") ? 2 : supports.includes("qos1") ? 1 : 0;
      const variables = brokerVariables(caseId(context, n), lanes, planned.protocol, context.seed);
      const scope = caseScope(variables, planned, context);
      return runPlanned(
        context,
        planned,
        n,
        chartRecorder(context, n),
        (basis) =>
          Promise.resolve(
            brokerPlay({ ...basis, scope }, {
              lanes,
              maximumQoS,
              retains: supports.includes("retained"),
              target,
              interruption: context.signal,
            }),
          ),
      );
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}
