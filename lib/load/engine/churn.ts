import type { Churn } from "../profile/group.ts";
import type { ClientHost } from "./client_host.ts";
import type { Connectable } from "./connections.ts";

/** A client that comes and goes. */
export interface Churning extends Connectable {
  leave(how: "disconnect"): void;
  subscribe(): void;
  unsubscribe(): void;
}

/**
 * Makes a ready client, or its subscriptions, leave after a while and come back later. Call it again for a client that has
 * connected again; subscriptions continue by themselves.
 */
export function churn(client: Churning, { what, upMs, downMs }: Churn, host: ClientHost, now: number): void {
  host.timers.at(now + upMs, () => {
    if (client.state !== "ready" || host.ending) return;
    const backMs = host.now() + downMs;
    if (what === "connection") client.leave("disconnect");
    else client.unsubscribe();
    host.timers.at(backMs, () => {
      if (host.ending || !client.wanted) return;
      if (what === "connection" && client.state === "offline") host.connections.queue(client, backMs);
      else if (what === "subscription" && client.state === "ready") {
        client.subscribe();
        churn(client, { what, upMs, downMs }, host, host.now());
      }
    });
  });
}
