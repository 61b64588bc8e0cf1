import type { ConnackPacket, ProtocolVersion } from "../../mqtt/packet.ts";
import { ProbeClient, type ProbeReach, withReason } from "./probe_client.ts";

/** A broker's response to a CONNECT in one version. */
export interface VersionAnswer {
  readonly version: ProtocolVersion;
  /** The CONNACK that accepts it; undefined if none came. */
  readonly connack: ConnackPacket | undefined;
  /** A clause for the reader. */
  readonly how: string;
  /** The time from CONNECT to CONNACK in ms. */
  readonly roundTripMs: number;
}

/** The timeout in milliseconds for the first response of a broker with an unknown round trip. */
const FIRST_MS = 3_000;

/** Finds out whether the broker speaks a version and accepts this user. Throws TransportError. */
export async function askVersion(
  reach: ProbeReach,
  version: ProtocolVersion,
  clientId: string,
  signal: AbortSignal,
): Promise<VersionAnswer> {
  await using client = await ProbeClient.open(reach, version, signal);
  const { userName, password } = reach;
  const sent = performance.now();
  await client.send({ type: "CONNECT", clientId, cleanStart: true, userName, password });
  await client.until(() => client.connack !== undefined, FIRST_MS);
  const roundTripMs = performance.now() - sent;
  const { connack } = client;
  if (connack?.reason === 0) {
    await client.leave();
    return { version, connack, how: "a CONNECT is accepted", roundTripMs };
  }
  if (client.malformed === "CONNACK") {
    // It speaks the version, but wrongly, which the suites report.
    const unread: ConnackPacket = { type: "CONNACK", sessionPresent: false, reason: 0, properties: [] };
    const how = "the broker answers a CONNECT with an unreadable CONNACK";
    return { version, connack: unread, how, roundTripMs };
  }
  const answer = connack ? `answers ${withReason("CONNACK", version, connack.reason)}` : client.ending;
  return {
    version,
    connack: undefined,
    how: answer === undefined ? "a CONNECT gets no answer" : `the broker ${answer} to a CONNECT`,
    roundTripMs,
  };
}
