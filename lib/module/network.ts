import { pause } from "../ground/wait.ts";
import { DelayedTransport } from "../transport/delayed.ts";
import type { Transport } from "../transport/transport.ts";
import type { ModuleBehaviour } from "./behaviour.ts";
import { dial, type Reach } from "./dial.ts";
import { JoiningTransport, SplitTransport } from "./segments.ts";

/** A connection that continues for a moment after it was closed. */
interface Lingering {
  readonly ended: Promise<void>;
  readonly cut: () => void;
}

/** The module's path to its broker: the radio with its round trip, and how packets are split into segments. */
export class Network implements AsyncDisposable {
  readonly #reach: Omit<Reach, "timeoutMs">;
  readonly #behaviour: ModuleBehaviour;
  readonly #lingering = new Set<Lingering>();

  constructor(reach: Omit<Reach, "timeoutMs">, behaviour: ModuleBehaviour) {
    this.#reach = reach;
    this.#behaviour = behaviour;
  }

  /**
   * Opens a TCP connection, which the broker sees after half a round trip and the module after a full one.
   * Throws an Error.
   */
  async dial(host: string, port: number, signal: AbortSignal): Promise<Transport> {
    const { openTimeoutMs: timeoutMs, roundTripMs } = this.#behaviour;
    const wayMs = roundTripMs / 2;
    if (wayMs > 0) await pause(wayMs, signal);
    try {
      return this.#shaped(await dial({ ...this.#reach, timeoutMs }, host, port, signal), roundTripMs);
    } finally {
      if (wayMs > 0) await pause(wayMs, signal);
    }
  }

  /** Closes all connections immediately, including data in transit, as a power cut does. */
  cut(): void {
    for (const connection of this.#lingering) connection.cut();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await Promise.all([...this.#lingering].map(({ ended }) => ended));
  }

  #shaped(connection: Transport, roundTripMs: number): Transport {
    const segmented = this.#segmented(connection);
    if (roundTripMs === 0) return segmented;
    const delayed = new DelayedTransport(segmented, roundTripMs);
    this.#keep({ ended: delayed.ended(), cut: () => closeAnyway(segmented) });
    return delayed;
  }

  #segmented(connection: Transport): Transport {
    switch (this.#behaviour.segments) {
      case "packet":
        return connection;
      case "split":
        return new SplitTransport(connection);
      case "joined": {
        const joining = new JoiningTransport(connection);
        this.#keep({ ended: joining.ended, cut: () => joining.cut() });
        return joining;
      }
    }
  }

  #keep(connection: Lingering): void {
    this.#lingering.add(connection);
    connection.ended.then(() => this.#lingering.delete(connection));
  }
}

function closeAnyway(connection: Transport): void {
  try {
    connection.close();
  } catch {
    // It is already closed.
  }
}
