import { ScriptedBroker } from "../broker/scripted.ts";
import { Dte } from "../link/dte.ts";
import { Scope } from "../spec/scope.ts";
import type { Case, Outcome, Step } from "../suite/model.ts";
import type { ModulePort, ModuleTarget } from "../target/target.ts";
import { beforeAbort } from "./before_abort.ts";
import { DteParty } from "./dte_party.ts";
import type { Party } from "./party.ts";
import type { PlannedCase } from "./plan.ts";
import { runPlanned } from "./planned_run.ts";
import type { Recorder } from "./recorder.ts";
import { ScriptedParty } from "./scripted_party.ts";
import type { Stage } from "./stage.ts";
import { caseScope, type Worker, type WorkerContext } from "./worker.ts";

/** Milliseconds that an answer to a command of the set-up may take. */
const SETUP_MS = 6_000;
/** Milliseconds of silence after which a module that was left in any state is taken to have said all. */
const QUIET_MS = 60;

const ESC = 0x1b;
const CR = 0x0d;

/** The port of tcpmux, which nobody serves. */
const DEAD_PORT = 1;

/** Runs cases on a module: opens a serial line of its own. Throws TransportError. */
export async function moduleWorker(context: WorkerContext, target: ModuleTarget): Promise<Worker> {
  const line = new ModuleLine(target, await target.openPort(context.signal));
  return {
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

/** A serial line with a module on it, from case to case. */
class ModuleLine implements AsyncDisposable {
  readonly #port: ModulePort;
  readonly dte: Dte;
  /** The party of the case that runs now. */
  party: DteParty | undefined;

  constructor(target: ModuleTarget, port: ModulePort) {
    this.#port = port;
    this.dte = new Dte(port.transport, {
      dialect: target.dialect,
      onArrival: (arrival) => this.party?.arrived(arrival),
    });
  }

  /**
   * Brings the module to state none, echo off and numeric errors. A power cycle does not rely on any command; where
   * there is none, both ways to end a connection are tried, and their answers do not matter.
   */
  async reset(signal: AbortSignal): Promise<void> {
    this.dte.restart();
    if (this.#port.powerCycle) await this.#port.powerCycle();
    else {
      // A prompt that was left open would take the next command for data.
      await beforeAbort(this.dte.send(Uint8Array.of(ESC, CR)), signal);
      await this.#quiet(signal);
      for (const command of ["AT+ECMTDISC=0", "AT+ECMTCLOSE=0"]) await this.#attempt(command, signal);
    }
    await this.#quiet(signal);
    for (const command of ["ATE0", "AT+CMEE=1"]) {
      if (!await this.#attempt(command, signal)) {
        throw new Error(`The module did not answer "${command}" with OK within ${SETUP_MS / 1000} s`);
      }
    }
    await this.#quiet(signal);
    this.dte.restart();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dte[Symbol.asyncDispose]();
    await this.#port[Symbol.asyncDispose]();
  }

  /** Types a command and waits for its final result; true if that was OK. */
  async #attempt(command: string, signal: AbortSignal): Promise<boolean> {
    await beforeAbort(this.dte.send(new TextEncoder().encode(`${command}\r`)), signal);
    const until = performance.now() + SETUP_MS;
    while (performance.now() < until && !signal.aborted) {
      const arrival = await this.dte.receive(until - performance.now(), signal);
      if (arrival?.kind === "closed") throw new Error("The serial line is gone");
      if (arrival?.kind === "final") return arrival.ok;
    }
    return false;
  }

  /** Takes and forgets what still comes, until the line is silent. */
  async #quiet(signal: AbortSignal): Promise<void> {
    if (this.#port.powerCycle) return;
    for (;;) {
      const arrival = await this.dte.receive(QUIET_MS, signal);
      if (!arrival || arrival.kind === "closed") return;
    }
  }
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
