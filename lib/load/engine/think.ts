import { drawMs, type Spread } from "../profile/spread.ts";
import type { ClientHost } from "./client_host.ts";

/** A client that answers requests. */
export interface Responder {
  /** Answers that wait for their think time. */
  thinking: number;
  respond(flow: number, payload: Uint8Array): void;
}

/** Answers a request of `flow` by its payload, after the profile's think time, or at once without one. */
export function think(
  responder: Responder | undefined,
  time: Spread | undefined,
  host: ClientHost,
  flow: number,
  payload: Uint8Array,
): void {
  if (!responder) return;
  if (!time) return responder.respond(flow, payload);
  responder.thinking++;
  host.timers.at(host.now() + drawMs(time, host.random()), () => {
    responder.thinking--;
    responder.respond(flow, payload);
  });
}
