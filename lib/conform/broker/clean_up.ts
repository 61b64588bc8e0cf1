import { Deadline } from "../../ground/deadline.ts";
import { MqttLink } from "../../link/mqtt_link.ts";
import type { Draft, ProtocolVersion } from "../../mqtt/packet.ts";
import type { Credentials } from "../../target/target.ts";
import type { Transport } from "../../transport/transport.ts";

export interface Leavings {
  readonly version: ProtocolVersion;
  readonly connect: (signal: AbortSignal) => Promise<Transport>;
  /** Client ids whose sessions the broker may keep. */
  readonly sessions: readonly string[];
  /** Topics that may have a retained message. */
  readonly retained: readonly string[];
  readonly credentials?: Credentials | undefined;
  /** What the line adds to every wait, in ms. */
  readonly delayMs: number;
  /** The client id for the clean-up. */
  readonly clientId: string;
  /** Aborts when the run is interrupted, because the user does not wait for an unresponsive broker. */
  readonly signal: AbortSignal;
}

/** The timeout in milliseconds of each connection of the clean-up, on a line without delay. */
const WITHIN_MS = 1_000;
/** The same after the run is interrupted. */
const INTERRUPTED_MS = 250;
/** How many round trips it takes to open and close a connection and do the work in between. */
const ROUND_TRIPS = 4;

/**
 * Removes what a case has left on a broker: persistent sessions and retained messages. It is never judged,
 * and no case depends on it, because ids and topics are not reused; it only prevents a broker from filling
 * up.
 */
export async function cleanUp(leavings: Leavings): Promise<void> {
  const works = leavings.sessions.map((clientId) => forget(leavings, clientId, []));
  if (leavings.retained.length > 0) works.push(forget(leavings, leavings.clientId, leavings.retained));
  await Promise.all(works);
}

/** Connects with a clean session, clears the retained messages of `topics`, and disconnects. */
async function forget(leavings: Leavings, clientId: string, topics: readonly string[]): Promise<void> {
  const { version } = leavings;
  const withinMs = WITHIN_MS + ROUND_TRIPS * leavings.delayMs;
  using late = new Deadline(withinMs, leavings.signal, INTERRUPTED_MS);
  const { signal } = late;
  try {
    await using link = new MqttLink(await leavings.connect(signal), { version });
    signal.addEventListener("abort", () => link.close());
    const packets: Draft[] = [
      {
        type: "CONNECT",
        cleanStart: true,
        keepAlive: 10,
        clientId,
        ...leavings.credentials,
      },
      ...topics.map((topic): Draft => ({ type: "PUBLISH", topic, retain: true })),
      { type: "DISCONNECT" },
    ];
    for (const packet of packets) await link.send(packet);
    // The broker's close shows that it has read everything.
    while (!signal.aborted) {
      const arrival = await link.receive(withinMs, signal);
      if (!arrival || arrival.kind === "closed") return;
    }
  } catch {
    // A broker that has gone has nothing left to clear.
  }
}
