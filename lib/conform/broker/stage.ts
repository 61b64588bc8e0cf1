import { messageOf } from "../../ground/error_message.ts";
import { isProtocolVersion, type ProtocolVersion, type QoS } from "../../mqtt/packet.ts";
import { Scope } from "../../spec/scope.ts";
import type { BrokerTarget } from "../../target/target.ts";
import { cleanUp } from "./clean_up.ts";
import { ClientParty, type ClientStage } from "../../play/party/client.ts";
import { runGenerated } from "../../play/generate/generated.ts";
import { StepFailed } from "../../play/step_failed.ts";
import type { Recorder } from "../../play/recorder.ts";
import type { Stage } from "../../play/stage.ts";
import { Traffic } from "../../play/traffic.ts";

export interface BrokerStageOptions {
  readonly protocol: string;
  /** Short and unique among all case runs of all attest runs that may share the broker: letters and digits, at most 16. */
  readonly caseId: string;
  /** Row variables and values of the target, not yet bound. */
  readonly scope: Scope;
  /** The case's id in the suite, from which with the seed every random choice follows. */
  readonly id: string;
  readonly seed: number;
  readonly lanes: readonly string[];
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
  readonly withinMs: number;
  readonly maximumQoS: QoS;
  readonly target: Pick<BrokerTarget, "connect" | "upgrade" | "credentials" | "restart">;
  /** The instant of `performance.now()` at which the case's limit ends it. */
  readonly endsAt: number;
}

/** The built-in variables of a case against a broker. */
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

/** Client ids keep to what every version allows: 1 to 23 letters and digits. */
function clientId(caseId: string, lane: number): string {
  return `a${caseId}${lane.toString(36)}`;
}

/** The parties of a case against a broker: a client for each lane. */
export function brokerStage(options: BrokerStageOptions): Stage {
  const { caseId, scope, recorder, signal, withinMs, target } = options;
  const { restart } = target;
  const version = asVersion(options.protocol);
  const traffic = new Traffic(`attest/${caseId}`, caseId);
  const clients = new Map<string, ClientParty>();
  let fences = 0;
  const shared: ClientStage = {
    version,
    recorder,
    traffic,
    scope,
    signal,
    fenceWithinMs: withinMs,
    maximumQoS: options.maximumQoS,
    connect: target.connect,
    ...(target.upgrade ? { upgrade: target.upgrade } : {}),
    ...(target.credentials ? { credentials: target.credentials } : {}),
    lane: (name) => clients.get(name),
    nextFence: () => fences++,
  };
  const party = (name: string): ClientParty => {
    const known = clients.get(name);
    if (known) return known;
    const made = new ClientParty(name, clientId(caseId, Math.max(0, options.lanes.indexOf(name))), shared);
    clients.set(name, made);
    return made;
  };
  return {
    scope,
    signal,
    withinMs,
    party,
    generate: (generate) =>
      runGenerated(generate, {
        subscriber: party(generate.subscriber),
        publisher: party(generate.publisher),
        recorder,
        scope,
        topic: traffic.prefix,
        seed: options.seed,
        caseId: options.id,
        withinMs,
        leftMs: () => options.endsAt - performance.now(),
      }),
    ...(restart ? { restart: () => restarted(() => restart(signal)) } : {}),
    parties: () => clients.values(),
    async [Symbol.asyncDispose]() {
      await Promise.all([...clients.values()].map((client) => client[Symbol.asyncDispose]()));
      const sessions = [...clients.values()].filter((client) => client.mayHaveSession).map((client) =>
        client.clientId
      );
      await cleanUp({
        version,
        connect: target.connect,
        ...(target.credentials ? { credentials: target.credentials } : {}),
        sessions,
        retained: [...traffic.retained],
        clientId: clientId(caseId, 35),
      });
    },
  };
}

/** A target that does not come back after a restart has not failed the case: the restart has. */
async function restarted(restart: () => Promise<void>): Promise<void> {
  try {
    await restart();
  } catch (error) {
    const message = messageOf(error);
    throw new StepFailed({ message, verdict: "error", connectionLost: true });
  }
}

function asVersion(protocol: string): ProtocolVersion {
  if (isProtocolVersion(protocol)) return protocol;
  throw new TypeError(`A broker is not tested by "${protocol}"`);
}
