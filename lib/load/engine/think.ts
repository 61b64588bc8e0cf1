import { drawMs, type Spread } from "../profile/spread.ts";
import type { ClientHost } from "./client_host.ts";

/** Who answers requests. */
export interface Responder {
  /** Answers that it still thinks about. */
  thinking: number;
  respond(flow: number, payload: Uint8Array): void;
}

/** Answers a request of `flow` by its payload, after the time that the profile gives to think; at once without one. */
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
