import { MqttLink } from "../link/mqtt_link.ts";
import { isProtocolVersion } from "../mqtt/packet.ts";
import { innerSteps, isStep } from "../suite/step/step.ts";
import type { StepBase } from "../suite/step/verb.ts";
import type { BrokerTarget } from "../target/target.ts";

/** So many PINGREQs measure the round trip to a broker; the shortest counts. */
const PINGS = 3;
/** Milliseconds that an answer may take while the round trip is measured. */
const WITHIN_MS = 10_000;
/** Shorter round trips are those of this machine, and change nothing. */
const SHORTEST_MS = 5;

/**
 * How long a packet and its answer take between attest and a target, in milliseconds, 0 for what is not worth waiting for.
 * It is measured once, at the start; every wait and every limit of a case grows with it.
 */
export class RoundTrip {
  #ms = 0;
  #measuring: Promise<void> | undefined;

  get ms(): number {
    return this.#ms;
  }

  /** Measures once, whoever asks first; 0 where `measure` can't tell. True for the one who has measured. */
  async once(measure: () => Promise<number | undefined>): Promise<boolean> {
    if (this.#measuring) {
      await this.#measuring;
      return false;
    }
    this.#measuring = measure().then((ms) => {
      this.#ms = ms === undefined || ms < SHORTEST_MS ? 0 : Math.ceil(ms);
    }, () => {
      // Nobody is judged by what was not measured.
    });
    await this.#measuring;
    return true;
  }
}

/** Measures the round trip to a broker by PINGREQs; undefined where it does not answer them. */
export async function brokerRoundTrip(
  target: BrokerTarget,
  signal: AbortSignal,
): Promise<number | undefined> {
  const version = target.protocols.find(isProtocolVersion) ?? "3.1.1";
  await using link = new MqttLink(await target.connect(signal), { version });
  const clientId = `attest${crypto.randomUUID().slice(0, 8)}`;
  await link.send({ type: "CONNECT", cleanStart: true, keepAlive: 60, clientId, ...target.credentials });
  if (!await link.receive(WITHIN_MS, signal)) return undefined;
  let shortest: number | undefined;
  for (let ping = 0; ping < PINGS; ping++) {
    const sent = performance.now();
    await link.send({ type: "PINGREQ" });
    const answer = await link.receive(WITHIN_MS, signal);
    if (answer?.kind !== "packet" || answer.packet.type !== "PINGRESP") return shortest;
    shortest = Math.min(shortest ?? Infinity, performance.now() - sent);
  }
  await link.send({ type: "DISCONNECT" });
  return shortest;
}

/** How many round trips the steps of a case may take, one after the other. */
export function roundTripsOf(steps: readonly StepBase[]): number {
  return steps.reduce((sum, step) => sum + own(step) + times(step) * roundTripsOf(innerSteps(step)), 0);
}

/** A step that sends and one that expects each take up to half a round trip; a fence takes two. */
function own(step: StepBase): number {
  return step.kind === "nothing" ? 2 : step.kind === "send" || step.kind === "expect" ? 0.5 : 0;
}

function times(step: StepBase): number {
  if (!isStep(step) || step.kind !== "repeat") return 1;
  const { times } = step;
  return times.kind === "literal" && typeof times.value === "number" ? times.value : 1;
}
