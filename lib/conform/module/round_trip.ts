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
 * Measures how long a module's CONNECT and the broker's answer to it take, from the command to its result, the module's own
 * time included; of a module that opens a connection and does not connect, how long opening takes. Where CONNECT opens the
 * connection, that is part of it. Undefined if its dialect does not say how. Afterwards the module is reset to where a case
 * begins, which `recorder` charts. Throws StepFailed where the module opens no connection.
 */
export async function moduleRoundTrip(
  line: ModuleLine,
  target: ModuleTarget,
  operations: Operations,
  signal: AbortSignal,
  recorder?: ChartRecorder,
): Promise<Measured | undefined> {
  const measured = stepsOf(operations, "connect", "connected");
  if (measured.length === 0) return undefined;
  return await onLine(line, target, operations, signal, async (opening, took) => ({
    roundTripMs: await took(measured).catch((error) => {
      // Nothing was opened before.
      if (opening === undefined) throw error;
      return opening;
    }),
  }), recorder);
}

/**
 * Opens a network connection from a module, and resets the module. Throws StepFailed if it opens none, and returns
 * false if its dialect does not say how.
 */
export async function moduleOpens(
  line: ModuleLine,
  target: ModuleTarget,
  operations: Operations,
  signal: AbortSignal,
): Promise<boolean> {
  const connect = stepsOf(operations, "connect", "connected");
  return await onLine(line, target, operations, signal, async (opening, took) => {
    if (opening === undefined) await took(connect);
    return opening !== undefined || connect.length > 0;
  }) ?? false;
}

function stepsOf(operations: Operations, ...names: readonly string[]): readonly Step[] {
  return names.flatMap((name) => operations.get(name) ?? []);
}

/**
 * Opens a connection, and does something while a broker that accepts all is at its other end. Where CONNECT opens the connection,
 * nothing is opened before, and `openingMs` is undefined. Returns undefined if the dialect does not say how to open one.
 */
async function onLine<T>(
  line: ModuleLine,
  target: ModuleTarget,
  operations: Operations,
  signal: AbortSignal,
  behind: (openingMs: number | undefined, took: (steps: readonly Step[]) => Promise<number>) => Promise<T>,
  recorder?: ChartRecorder,
): Promise<T | undefined> {
  const before = stepsOf(operations, "open", "opened");
  if (!operations.has("open") || !operations.has("opened")) return undefined;
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
    const result = await behind(before.length === 0 ? undefined : await took(before), took);
    // The module is reset while its broker is there: a broker that goes would be a lost connection, which no case has asked for.
    await line.restart(recorder);
    return result;
  } finally {
    line.party = undefined;
  }
}
