import { ScriptedBroker } from "../../broker/scripted.ts";
import { BrokenRules } from "../../play/broken_rules.ts";
import { CaseTime } from "../../play/case_time.ts";
import { ChartRecorder } from "../../play/chart_recorder.ts";
import { DteParty } from "../../play/party/dte.ts";
import { playStep } from "../../play/play.ts";
import { Scope } from "../../spec/scope.ts";
import type { Step } from "../../suite/step/step.ts";
import type { Operations } from "../../suite/dialect/dialect_operations.ts";
import type { ModuleTarget } from "../../target/target.ts";
import { AcceptAllBroker } from "./accept_all_broker.ts";
import type { Measured } from "../round_trip.ts";
import type { ModuleLine } from "./line.ts";

/** The timeout in milliseconds of a response while the round trip is measured. */
const WITHIN_MS = 15_000;

/**
 * Measures the time of a module's CONNECT and the broker's answer, from the command to its result, including
 * the module's own time. For a module that opens a connection without CONNECT, measures the open. Returns
 * undefined if its dialect does not define the commands. The module must be reset afterwards. Throws
 * StepFailed if the module opens no connection.
 */
export async function moduleRoundTrip(
  line: ModuleLine,
  target: ModuleTarget,
  operations: Operations,
  signal: AbortSignal,
): Promise<Measured | undefined> {
  const before = [...operations.get("open") ?? [], ...operations.get("opened") ?? []];
  const measured = [...operations.get("connect") ?? [], ...operations.get("connected") ?? []];
  if (before.length === 0 || measured.length === 0) return undefined;
  await using listener = ScriptedBroker.listen(target.listenHost, target.brokerPort);
  await using _broker = new AcceptAllBroker(listener);
  const scope = new Scope().set("host", target.brokerHost).set("port", listener.port)
    .set("clientId", "attest").set("userName", "user").set("password", "secret");
  const context = {
    id: "round trip",
    seed: 0,
    protocol: "",
    caseId: "attest",
    topic: "attest",
    scope,
    recorder: new ChartRecorder(undefined, () => 0, 0),
    broken: new BrokenRules([]),
    signal,
    time: new CaseTime({ limitMs: Infinity, withinMs: WITHIN_MS }),
  };
  const dte = new DteParty(context, {
    dte: line.dte,
    dialect: target.dialect,
    expectedNames: new Set(),
    lenient: true,
  });
  const play = { context, party: () => dte };
  line.party = dte;
  try {
    const took = async (steps: readonly Step[]) => {
      const begun = performance.now();
      for (const step of steps) await playStep(step, play);
      return performance.now() - begun;
    };
    const opening = await took(before);
    return { roundTripMs: await took(measured).catch(() => opening) };
  } finally {
    line.party = undefined;
  }
}
