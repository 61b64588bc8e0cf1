import type { Connection } from "./connection.ts";
import type { Broken, Manner } from "./rule.ts";

/** The Keep Alive in seconds that counts on a connection; 0 is off. */
function keepAliveOf(connection: Connection): number {
  return connection.announced("server")?.keepAlive ?? connection.connect?.keepAlive ?? 0;
}

/** Says whether a client was silent for longer than its Keep Alive and the grace at this time; undefined if it was not. */
export function silenceAt(connection: Connection, manner: Manner, now: number): Broken | undefined {
  const keepAlive = keepAliveOf(connection);
  if (!connection.connect || keepAlive === 0 || connection.left.client) return undefined;
  // What the server sets in place of the client's own value counts from CONNACK.
  const since = Math.max(connection.heardAt, connection.connackAt);
  const silentMs = now - since;
  const graceMs = manner.graceMs ?? keepAlive * 500;
  if (silentMs <= keepAlive * 1000 + graceMs) return undefined;
  return {
    message: told(silentMs, keepAlive),
    clause: connection.announced("server")?.keepAlive === undefined ? undefined : "MQTT-3.2.2-21",
  };
}

/** Says how long the longest silence of a client was by now, if it was longer than its Keep Alive, for which it gave its word. */
export function longestSilence(connection: Connection, now: number): string | undefined {
  const keepAlive = keepAliveOf(connection);
  if (!connection.connect || keepAlive === 0) return undefined;
  const longestMs = Math.max(connection.longestSilenceMs, now - connection.heardAt);
  return longestMs > keepAlive * 1000 ? told(longestMs, keepAlive) : undefined;
}

function told(silentMs: number, keepAlive: number): string {
  return `The client was silent for ${(silentMs / 1000).toFixed(1)} s; its Keep Alive is ${keepAlive} s`;
}
