import type { ScriptedBroker } from "../../broker/scripted.ts";
import { MqttLink } from "../../link/mqtt_link.ts";
import type { PacketType } from "../../mqtt/packet.ts";
import type { Transport } from "../../transport/transport.ts";

/** The most connections that are held at once; further ones are closed. */
const HELD = 16;
/** The interval in milliseconds after which waiting for a connection restarts. */
const ACCEPT_MS = 60_000;

/**
 * A broker between two cases: accepts every connection and every CONNECT, so a module that connects by itself
 * reaches a state in which it accepts commands. The listener belongs to its owner.
 */
export class AcceptAllBroker implements AsyncDisposable {
  readonly #over = new AbortController();
  readonly #links = new Set<MqttLink>();
  readonly #accepting: Promise<void>;

  constructor(listener: ScriptedBroker) {
    this.#accepting = this.#accept(listener);
  }

  /** Closes its connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#accepting;
    await Promise.all([...this.#links].map((link) => link[Symbol.asyncDispose]()));
  }

  async #accept(listener: ScriptedBroker): Promise<void> {
    while (!this.#over.signal.aborted) {
      const connection = await listener.accept(ACCEPT_MS, this.#over.signal);
      if (!connection) continue;
      if (this.#links.size < HELD) this.#hold(connection);
      else connection.close();
    }
  }

  #hold(connection: Transport): void {
    let connected = false;
    const link: MqttLink = new MqttLink(connection, {
      version: "3.1.1",
      onArrival: (arrival) => {
        if (arrival.kind === "closed") {
          link.close();
          this.#links.delete(link);
        } else if (arrival.kind === "packet") {
          connected ||= arrival.packet.type === "CONNECT";
          // Nothing before CONNECT is answered, because the answer would be a wrong first packet.
          if (connected) this.#answer(link, arrival.packet.type);
        }
        return true;
      },
    });
    this.#links.add(link);
  }

  #answer(link: MqttLink, type: PacketType): void {
    const answer = type === "CONNECT" ? "CONNACK" : type === "PINGREQ" ? "PINGRESP" : undefined;
    if (!answer) return;
    link.send({ type: answer }).catch(() => {
      // The connection is closed, which the link reports.
    });
  }
}
