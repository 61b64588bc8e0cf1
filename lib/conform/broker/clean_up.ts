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
  /** Topics at which a message may be retained. */
  readonly retained: readonly string[];
  readonly credentials?: Credentials | undefined;
  /** What the line adds to every wait; ms. */
  readonly delayMs: number;
  /** A client id for the one that clears up. */
  readonly clientId: string;
  /** Aborts when the run is interrupted, whose user does not wait for a broker that does not answer. */
  readonly signal: AbortSignal;
}

/** Milliseconds for each connection of the clean-up, on a line that takes no time. */
const WITHIN_MS = 1_000;
/** The same once the run is interrupted. */
const INTERRUPTED_MS = 250;
/** So many round trips open a connection, end it, and lie between. */
const ROUND_TRIPS = 4;

/**
 * Takes away what a case has left on a broker: kept sessions and retained messages. It is never judged and no case
 * relies on it, since ids and topics are not used twice; it only keeps a broker from filling up.
 */
export async function cleanUp(leavings: Leavings): Promise<void> {
  const works = leavings.sessions.map((clientId) => forget(leavings, clientId, []));
  if (leavings.retained.length > 0) works.push(forget(leavings, leavings.clientId, leavings.retained));
  await Promise.all(works);
}

/** Connects clean, clears the retained messages of `topics`, and leaves in good order. */
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
    // The broker's close tells that it has read them all.
    while (!signal.aborted) {
      const arrival = await link.receive(withinMs, signal);
      if (!arrival || arrival.kind === "closed") return;
    }
  } catch {
    // A broker that is gone has nothing left to clear.
  }
}
