import type { Connection } from "./connection.ts";
import type { Broken, Manner } from "./rule.ts";

/** Returns the effective Keep Alive of a connection in seconds; 0 is off. */
function keepAliveOf(connection: Connection): number {
  return connection.announced("server")?.keepAlive ?? connection.connect?.keepAlive ?? 0;
}

/**
 * Returns a violation if a client's silence at this time exceeds its Keep Alive and the grace period;
 * otherwise undefined.
 */
export function silenceAt(connection: Connection, manner: Manner, now: number): Broken | undefined {
  const keepAlive = keepAliveOf(connection);
  if (!connection.connect || keepAlive === 0 || connection.left.client) return undefined;
  // A value that the server sets instead of the client's applies from CONNACK.
  const since = Math.max(connection.heardAt, connection.connackAt);
  const silentMs = now - since;
  const graceMs = manner.graceMs ?? keepAlive * 500;
  if (silentMs <= keepAlive * 1000 + graceMs) return undefined;
  return {
    message: told(silentMs, keepAlive),
    clause: connection.announced("server")?.keepAlive === undefined ? undefined : "MQTT-3.2.2-21",
  };
}

/**
 * Describes the longest silence of a client so far if it exceeded its Keep Alive, which the client promised
 * to keep.
 */
export function longestSilence(connection: Connection, now: number): string | undefined {
  const keepAlive = keepAliveOf(connection);
  if (!connection.connect || keepAlive === 0) return undefined;
  const longestMs = Math.max(connection.longestSilenceMs, now - connection.heardAt);
  return longestMs > keepAlive * 1000 ? told(longestMs, keepAlive) : undefined;
}

function told(silentMs: number, keepAlive: number): string {
  return `The client was silent for ${(silentMs / 1000).toFixed(1)} s; its Keep Alive is ${keepAlive} s`;
}
