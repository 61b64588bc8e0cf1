import type { Lifetime } from "../profile/group.ts";
import { drawMs } from "../profile/spread.ts";
import type { ClientHost } from "./client_host.ts";
import type { Connectable } from "./connections.ts";
import { COUNT } from "./counter_ids.ts";

/** How long a client whose lifetime has ended may wait for what is in flight, and how often this is checked; in ms. */
const PATIENCE_MS = 5_000;
const ASK_MS = 20;

/** A client whose connections have a limited lifetime. */
export interface Living extends Connectable {
  /** Counts its connections, so that a timer for one does not end the next one. */
  readonly connection: number;
  /** Whether it has messages in flight. */
  readonly unanswered: boolean;
  leave(how: "disconnect" | "cut"): void;
}

/** Ends the connection of a ready client after its lifetime, and lets the client come back. */
export function live(client: Living, lifetime: Lifetime, host: ClientHost, now: number): void {
  const { connection } = client;
  const overMs = now + drawMs(lifetime.up, host.random());
  const end = (atMs: number): void => {
    if (client.state !== "ready" || client.connection !== connection || host.ending) return;
    // A device that leaves with DISCONNECT waits for its answers; otherwise the outcome of its messages would be
    // unknown.
    if (lifetime.leave === "disconnect" && client.unanswered && atMs < overMs + PATIENCE_MS) {
      host.timers.at(atMs + ASK_MS, () => end(atMs + ASK_MS));
      return;
    }
    host.recorder.add(COUNT.left, 1);
    client.leave(lifetime.leave);
    const backMs = host.now() + drawMs(lifetime.down, host.random());
    host.timers.at(backMs, () => {
      if (!host.ending && client.wanted && client.state === "offline") host.connections.queue(client, backMs);
    });
  };
  host.timers.at(overMs, () => end(overMs));
}
