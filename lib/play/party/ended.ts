import type { Arrival } from "../../link/mqtt_link.ts";

/** The reason of a DISCONNECT for a silent client. */
const KEEP_ALIVE_TIMEOUT = 0x8d;

/** Whether this is the end of a connection, or announces it. */
export function isEnd(arrival: Arrival | undefined): boolean {
  return arrival?.kind === "closed" || (arrival?.kind === "packet" && arrival.packet.type === "DISCONNECT");
}

/** Whether a server closes the connection because its client was silent for too long. */
export function isForSilence(arrival: Arrival | undefined): boolean {
  return arrival?.kind === "packet" && arrival.packet.type === "DISCONNECT" &&
    arrival.packet.reason === KEEP_ALIVE_TIMEOUT;
}
