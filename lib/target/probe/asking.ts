import type { ConnackPacket, ConnectFields, ProtocolVersion, QoS } from "../../mqtt/packet.ts";
import type { Finding } from "./finding.ts";
import type { InStep } from "./in_step.ts";
import { ProbeClient, type ProbeReach } from "./probe_client.ts";
import type { Turns } from "./turns.ts";

/** What a question may use: one protocol of a broker, and its timeouts. */
export interface Asking {
  readonly reach: ProbeReach;
  readonly version: ProtocolVersion;
  /**
   * The prefix of every client id and topic of the questions; letters and digits, different for each
   * protocol.
   */
  readonly prefix: string;
  /** The CONNACK for a plain CONNECT. */
  readonly connack: ConnackPacket;
  /** The size of the largest packet to try, in bytes. */
  readonly largest: number;
  readonly times: ProbeTimes;
  /** Aborts when the time for all questions is over. */
  readonly signal: AbortSignal;
  /** Aborts with the run only; a question's data on the broker is cleared even after its time is over. */
  readonly outer: AbortSignal;
  /** A lock for what a broker stores for all clients together, so one question at a time uses it. */
  readonly store: Turns;
  /** Synchronizes the steps of a question that is asked in all protocols together. */
  readonly steps: InStep;
  /** Returns the next number for a client id. */
  readonly nextNumber: () => number;
}

/** The timeouts of the questions in milliseconds; all grow with the round trip. */
export interface ProbeTimes {
  /** For an expected answer. */
  readonly patienceMs: number;
  /** For a further message after others have come. */
  readonly quietMs: number;
  /** For a message that a later one has overtaken. */
  readonly graceMs: number;
}

/** One question to a broker; it may be about several features and capacities. */
export interface Question {
  /** A short name for the reader. */
  readonly about: string;
  /** What it sends in large numbers. Such questions come after the others, which they would slow down. */
  readonly sends?: "messages" | "subscriptions" | "levels" | undefined;
  /** The protocols to which it applies; all if absent. */
  readonly protocols?: readonly ProtocolVersion[] | undefined;
  /** Asks the question. Throws TransportError if a connection cannot be opened. */
  ask(asking: Asking): Promise<readonly Finding[]>;
}

/**
 * Returns the timeouts for a broker that answers after `roundTripMs` and whose messages come up to `spreadMs`
 * apart if sent together.
 */
export function timesFor(roundTripMs: number, spreadMs = 0): ProbeTimes {
  // Without a spread, a later message proves that an earlier one does not come; the margin is for a busy
  // machine.
  const quietMs = Math.min(100 + 2 * roundTripMs + 3 * spreadMs, 2_000);
  return { patienceMs: Math.min(1_000 + 4 * roundTripMs, 4_000), quietMs, graceMs: quietMs };
}

/** Waits until `count` items have come, as long as more of them keep coming. Returns whether they have. */
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

/**
 * Opens a client that has sent CONNECT and received CONNACK, or the end of the connection. Throws
 * TransportError.
 */
export async function connected(asking: Asking, fields: ConnectFields = {}): Promise<ProbeClient> {
  const client = await ProbeClient.connect(asking.reach, asking.version, asking.signal, {
    clientId: clientId(asking),
    ...fields,
  });
  await client.until(() => client.connack !== undefined, asking.times.patienceMs);
  return client;
}

/** Returns a unique client id: letters and digits, at most 23. */
export function clientId(asking: Asking): string {
  return `${asking.prefix}c${asking.nextNumber().toString(36)}`;
}

/** Whether a CONNECT was accepted; undefined if no answer shows it. */
export function isAccepted(client: ProbeClient): boolean | undefined {
  const { connack } = client;
  if (connack) return connack.reason === 0;
  return client.ending === undefined ? undefined : false;
}

/** Returns the number that a CONNACK property announces, or undefined in 3.x and if it is absent. */
export function announced({ connack }: Asking, property: string): number | undefined {
  const value = connack.properties.find(({ name }) => name === property)?.value;
  return typeof value === "number" ? value : undefined;
}

/** Returns the QoS for messages that must be acknowledged: 1 unless CONNACK forbids it. */
export function publishQos(asking: Asking): QoS {
  return announced(asking, "maximumQoS") === 0 ? 0 : 1;
}

/** Returns how many messages may be sent before one is acknowledged. */
export function sendWindow(asking: Asking): number {
  // 3.x cannot announce a limit.
  return announced(asking, "receiveMaximum") ?? (asking.version === "5.0" ? 65_535 : 100);
}
