import { messageOf } from "../../ground/error_message.ts";
import { Ledger } from "../../mqtt/ledger/ledger.ts";
import { isProtocolVersion, type ProtocolVersion, type QoS } from "../../mqtt/packet.ts";
import { CaseAuth } from "../../play/auth/case_auth.ts";
import type { CaseContext } from "../../play/case_context.ts";
import { ClientParty, type ClientsOfCase } from "../../play/party/client.ts";
import type { OwnedPlay } from "../../play/player.ts";
import { StepFailed } from "../../play/step_failed.ts";
import { Traffic } from "../../play/traffic.ts";
import { Scope } from "../../spec/scope.ts";
import type { BrokerTarget } from "../../target/target.ts";
import { cleanUp } from "./clean_up.ts";

/** What a case against a broker needs in addition to its context. */
export interface BrokerPlayOptions {
  readonly lanes: readonly string[];
  readonly maximumQoS: QoS;
  /** Whether the target claims retained messages; otherwise none are sent to clear others. */
  readonly retains: boolean;
  readonly target: Pick<BrokerTarget, "connect" | "upgrade" | "credentials" | "auth" | "restart">;
  /** Aborts when the run is interrupted. */
  readonly interruption: AbortSignal;
}

/** Returns the built-in variables of a case against a broker. */
export function brokerVariables(
  caseId: string,
  lanes: readonly string[],
  protocol: string,
  seed: number,
): Scope {
  const client = Object.fromEntries(lanes.map((lane, index) => [lane, clientId(caseId, index)]));
  return new Scope().set("case", caseId).set("topic", `attest/${caseId}`).set("client", client)
    .set("protocol", protocol).set("seed", seed);
}

/** Creates a client id that every version allows: 1 to 23 letters and digits. */
function clientId(caseId: string, lane: number): string {
  return `a${caseId}${lane.toString(36)}`;
}

/** Creates the parties of a case against a broker: a client for each lane. */
export function brokerPlay(context: CaseContext, options: BrokerPlayOptions): OwnedPlay {
  const { caseId, topic, signal } = context;
  const { target, maximumQoS, retains, lanes, interruption } = options;
  const { restart } = target;
  const version = asVersion(context.protocol);
  const traffic = new Traffic(topic, caseId);
  const ledger = new Ledger({ at: "client", version });
  const clients = new Map<string, ClientParty>();
  let fences = 0;
  const shared: ClientsOfCase = {
    version,
    traffic,
    ledger,
    maximumQoS,
    target,
    lane: (name) => clients.get(name),
    nextFence: () => fences++,
  };
  const client = (name: string): ClientParty => {
    const known = clients.get(name);
    if (known) return known;
    const made = new ClientParty(name, clientId(caseId, Math.max(0, lanes.indexOf(name))), context, shared);
    clients.set(name, made);
    return made;
  };
  return {
    context,
    party: client,
    client,
    auth: target.auth && new CaseAuth(target.auth, context.seed, context.id),
    restart: restart && (async () => {
      await restarted(() => restart(signal));
      ledger.forget();
    }),
    parties: () => clients.values(),
    async [Symbol.asyncDispose]() {
      await Promise.all([...clients.values()].map((one) => one[Symbol.asyncDispose]()));
      const sessions = [...clients.values()].filter((one) => one.mayHaveSession).map((one) => one.clientId);
      await cleanUp({
        version,
        connect: target.connect,
        credentials: target.credentials,
        sessions,
        delayMs: context.time.delayMs,
        retained: retains ? [...traffic.retained] : [],
        clientId: clientId(caseId, 35),
        signal: interruption,
      });
    },
  };
}

/** Restarts the target. If it does not come back, the restart has failed and not the case. */
async function restarted(restart: () => Promise<void>): Promise<void> {
  try {
    await restart();
  } catch (error) {
    throw new StepFailed({ message: messageOf(error), verdict: "error", connectionLost: true });
  }
}

function asVersion(protocol: string): ProtocolVersion {
  if (isProtocolVersion(protocol)) return protocol;
  throw new TypeError(`A broker cannot be tested with "${protocol}"`);
}
