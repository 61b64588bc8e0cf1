import { pause } from "../ground/wait.ts";
import { DelayedTransport } from "../transport/delayed.ts";
import type { Transport } from "../transport/transport.ts";
import type { ModuleBehaviour } from "./behaviour.ts";
import { dial, type Reach } from "./dial.ts";
import { JoiningTransport, SplitTransport } from "./segments.ts";

/** A connection that goes on for a moment after it was closed. */
interface Lingering {
  readonly ended: Promise<void>;
  cut(): void;
}

/** The module's way to its broker: the radio with its round trip, and how packets are cut into segments. */
export class Network implements AsyncDisposable {
  readonly #reach: Omit<Reach, "timeoutMs">;
  readonly #behaviour: ModuleBehaviour;
  readonly #lingering = new Set<Lingering>();

  constructor(reach: Omit<Reach, "timeoutMs">, behaviour: ModuleBehaviour) {
    this.#reach = reach;
    this.#behaviour = behaviour;
  }

  /** Opens a TCP connection: the broker sees it after half a round trip, the module knows after a whole one. Throws an Error. */
  async dial(host: string, port: number, signal: AbortSignal): Promise<Transport> {
    const { openTimeoutMs: timeoutMs, roundTripMs } = this.#behaviour;
    const wayMs = roundTripMs / 2;
    if (wayMs > 0) await pause(wayMs, signal);
    try {
      const connection = this.#segmented(await dial({ ...this.#reach, timeoutMs }, host, port, signal));
      return wayMs > 0 ? this.#kept(new DelayedTransport(connection, wayMs)) : connection;
    } finally {
      if (wayMs > 0) await pause(wayMs, signal);
    }
  }

  /** Ends all connections at once, with what is on its way, as a power cut does. */
  cut(): void {
    for (const connection of this.#lingering) connection.cut();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ends = [...this.#lingering].map(({ ended }) => ended);
    this.cut();
    await Promise.all(ends);
  }

  #segmented(connection: Transport): Transport {
    switch (this.#behaviour.segments) {
      case "packet":
        return connection;
      case "split":
        return new SplitTransport(connection);
      case "joined":
        return this.#kept(new JoiningTransport(connection));
    }
  }

  #kept<T extends Transport & Lingering>(connection: T): T {
    this.#lingering.add(connection);
    connection.ended.then(() => this.#lingering.delete(connection));
    return connection;
  }
}
