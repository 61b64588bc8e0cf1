import type { ConnackPacket, ConnectFields, ProtocolVersion, QoS } from "../../mqtt/packet.ts";
import type { Finding } from "./finding.ts";
import type { InStep } from "./in_step.ts";
import { ProbeClient, type ProbeReach } from "./probe_client.ts";
import type { Turns } from "./turns.ts";

/** What a question may use: one protocol of a broker, and how long to wait. */
export interface Asking {
  readonly reach: ProbeReach;
  readonly version: ProtocolVersion;
  /** Begins every client id and topic that is asked with; letters and digits, differs by protocol. */
  readonly prefix: string;
  /** The CONNACK that a plain CONNECT got. */
  readonly connack: ConnackPacket;
  /** The largest packet that is tried, in bytes. */
  readonly largest: number;
  readonly times: ProbeTimes;
  /** Aborts when the time for all questions is over. */
  readonly signal: AbortSignal;
  /** Aborts with the run alone; what a question has left on the broker is cleared even when its time is over. */
  readonly outer: AbortSignal;
  /** The turns of what a broker keeps for all clients together: asked by one question at a time. */
  readonly store: Turns;
  /** The steps of a question that is asked in all protocols together. */
  readonly steps: InStep;
  /** The next number of a client id. */
  readonly nextNumber: () => number;
}

/** How long the questions wait, in milliseconds; all grow with the round trip. */
export interface ProbeTimes {
  /** For an answer that is due. */
  readonly patienceMs: number;
  /** For a further message, where others have come. */
  readonly quietMs: number;
  /** For a message that another one, sent behind it, has overtaken. */
  readonly graceMs: number;
}

/** One question to a broker; it may be about several features and capacities. */
export interface Question {
  /** A word or two for the reader. */
  readonly about: string;
  /** What it sends many of. Such questions are asked once the others have their answers, which they would hold up. */
  readonly sends?: "messages" | "subscriptions" | "levels" | undefined;
  /** The protocols in which it has a meaning; all if absent. */
  readonly protocols?: readonly ProtocolVersion[] | undefined;
  /** Asks. Throws TransportError where a connection can't be opened. */
  ask(asking: Asking): Promise<readonly Finding[]>;
}

/**
 * The times for a broker that answers after `roundTripMs`, and whose messages come up to `spreadMs` apart where they were sent
 * together.
 */
export function timesFor(roundTripMs: number, spreadMs = 0): ProbeTimes {
  // Without a spread, what comes behind a message has proved that it does not come; the rest is for a busy machine.
  const quietMs = Math.min(100 + 2 * roundTripMs + 3 * spreadMs, 2_000);
  return { patienceMs: Math.min(1_000 + 4 * roundTripMs, 4_000), quietMs, graceMs: quietMs };
}

/** Waits until so many things have come, as long as more of them come. Gives whether they have. */
export async function untilAll(
  asking: Asking,
  client: ProbeClient,
  count: () => number,
  due: number,
): Promise<boolean> {
  for (let seen = count(); seen < due; seen = count()) {
    if (!await client.until(() => count() > seen, asking.times.patienceMs)) return false;
  }
  return true;
}

/** A client that has sent CONNECT and has its CONNACK, or the end of the connection. Throws TransportError. */
export async function connected(asking: Asking, fields: ConnectFields = {}): Promise<ProbeClient> {
  const client = await ProbeClient.connect(asking.reach, asking.version, asking.signal, {
    clientId: clientId(asking),
    ...fields,
  });
  await client.until(() => client.connack !== undefined, asking.times.patienceMs);
  return client;
}

/** A client id that nobody else uses: letters and digits, at most 23. */
export function clientId(asking: Asking): string {
  return `${asking.prefix}c${asking.nextNumber().toString(36)}`;
}

/** Whether a CONNECT was accepted; undefined where nothing came that tells. */
export function isAccepted(client: ProbeClient): boolean | undefined {
  const { connack } = client;
  if (connack) return connack.reason === 0;
  return client.ending === undefined ? undefined : false;
}

/** The number that a property of CONNACK announces; undefined in 3.x and where it is left out. */
export function announced({ connack }: Asking, property: string): number | undefined {
  const value = connack.properties.find(({ name }) => name === property)?.value;
  return typeof value === "number" ? value : undefined;
}

/** The QoS at which messages are published that have to be acknowledged: 1 unless CONNACK forbids it. */
export function publishQos(asking: Asking): QoS {
  return announced(asking, "maximumQoS") === 0 ? 0 : 1;
}

/** How many messages may be sent before one is acknowledged. */
export function sendWindow(asking: Asking): number {
  // 3.x has no way to announce a limit.
  return announced(asking, "receiveMaximum") ?? (asking.version === "5.0" ? 65_535 : 100);
}
