import { concat } from "../ground/bytes.ts";
import { MqttLink } from "../link/mqtt_link.ts";
import { encode } from "../mqtt/encode.ts";
import { isProtocolVersion } from "../mqtt/packet.ts";
import type { BrokerTarget } from "../target/target.ts";

/** How many PINGREQs measure the round trip to a broker; the shortest counts. */
const PINGS = 3;
/** The timeout in milliseconds of an answer while the round trip is measured. */
const WITHIN_MS = 10_000;
/** Shorter round trips are those of this machine and change nothing. */
const SHORTEST_MS = 5;
/** How many messages of how many bytes measure a broker's speed: small ones, which every broker accepts. */
const MESSAGES = 24;
const MESSAGE_BYTES = 400;
/** A difference to a round trip up to this is no sign of a slow line. */
const BUSY_MS = 50;

/** The speed of a target and the line to it. */
export interface Measured {
  /** The time of a packet and its answer. */
  readonly roundTripMs: number;
  /** The time of one more byte; 0 if unknown or negligible. */
  readonly msPerByte?: number | undefined;
}

/**
 * The time between attest and a target for a packet and its answer in milliseconds, 0 if negligible. It is
 * measured once at the start; every wait of a case grows with it.
 */
export class RoundTrip {
  #ms = 0;
  #msPerByte = 0;
  #measuring: Promise<void> | undefined;

  get ms(): number {
    return this.#ms;
  }

  /** The additional time of each sent byte. */
  get msPerByte(): number {
    return this.#msPerByte;
  }

  /**
   * Measures once, for whoever asks first; 0 if `measure` has no result. Returns true to the caller that has
   * measured.
   */
  async once(measure: () => Promise<Measured | undefined>): Promise<boolean> {
    if (this.#measuring) {
      await this.#measuring;
      return false;
    }
    this.#measuring = measure().then((measured) => {
      const { roundTripMs = 0, msPerByte = 0 } = measured ?? {};
      this.#ms = roundTripMs < SHORTEST_MS ? 0 : Math.ceil(roundTripMs);
      this.#msPerByte = msPerByte;
    }, () => {
      // Without a measurement nothing is judged by it; the next caller tries again.
      this.#measuring = undefined;
    });
    await this.#measuring;
    return true;
  }
}

/**
 * Measures a broker with PINGREQs, and with messages without subscribers. Returns undefined if it does not
 * answer.
 */
export async function brokerRoundTrip(
  target: BrokerTarget,
  signal: AbortSignal,
): Promise<Measured | undefined> {
  const version = target.protocols.find(isProtocolVersion) ?? "3.1.1";
  await using link = new MqttLink(await target.connect(signal), { version });
  const clientId = `attest${crypto.randomUUID().slice(0, 8)}`;
  await link.send({ type: "CONNECT", cleanStart: true, keepAlive: 60, clientId, ...target.credentials });
  if (!await link.receive(WITHIN_MS, signal)) return undefined;
  let shortest: number | undefined;
  for (let ping = 0; ping < PINGS; ping++) {
    const took = await pinged(link, signal);
    if (took === undefined) return shortest === undefined ? undefined : { roundTripMs: shortest };
    shortest = Math.min(shortest ?? Infinity, took);
  }
  const roundTripMs = shortest ?? 0;
  const payload = new Uint8Array(MESSAGE_BYTES);
  const message = encode({ type: "PUBLISH", topic: `attest/${clientId}`, payload }, version);
  const tookAll = await pinged(link, signal, Array.from({ length: MESSAGES }, () => message));
  if (tookAll === undefined) return { roundTripMs };
  await link.send({ type: "DISCONNECT" });
  const longer = tookAll - roundTripMs * 1.1;
  return { roundTripMs, msPerByte: longer < BUSY_MS ? 0 : longer / (MESSAGES * MESSAGE_BYTES) };
}

/** Returns how long a PINGREQ after these packets takes to be answered in ms, or undefined if it is not. */
async function pinged(
  link: MqttLink,
  signal: AbortSignal,
  packets: readonly Uint8Array[] = [],
): Promise<number | undefined> {
  const sent = performance.now();
  await link.sendBytes(concat([...packets, encode({ type: "PINGREQ" }, link.version)]));
  const answer = await link.receive(WITHIN_MS, signal);
  const answered = answer?.kind === "packet" && answer.packet.type === "PINGRESP";
  return answered ? performance.now() - sent : undefined;
}
