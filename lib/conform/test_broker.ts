import { MqttLink } from "../link/mqtt_link.ts";
import type { Draft, Packet } from "../mqtt/packet.ts";

/** A broker of a test: answers as `answer` says, until it is disposed of. */
export class Played implements AsyncDisposable {
  #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly port = this.#listener.addr.port;
  readonly #links = new Set<MqttLink>();
  readonly #served: Promise<void>[] = [];
  #accepting: Promise<void>;
  #returning: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly answer: (packet: Packet, link: MqttLink) => readonly Draft[]) {
    this.#accepting = this.#accept();
  }

  /** The number of connected clients. */
  get connections(): number {
    return [...this.#links].filter(({ closed }) => !closed).length;
  }

  stopListening(): void {
    try {
      this.#listener.close();
    } catch {
      // It is already closed.
    }
  }

  /** Closes all connections and accepts none for `ms` milliseconds, like a broker that restarts. */
  goAway(ms: number): void {
    this.stopListening();
    for (const link of this.#links) link.close();
    this.#returning = setTimeout(() => {
      this.#listener = Deno.listen({ hostname: "127.0.0.1", port: this.port });
      this.#accepting = this.#accept();
    }, ms);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#returning);
    this.stopListening();
    await this.#accepting;
    for (const link of this.#links) link.close();
    await Promise.all(this.#served);
  }

  async #accept(): Promise<void> {
    try {
      for (;;) this.#served.push(this.#serve(await this.#listener.accept()));
    } catch {
      // It has stopped listening.
    }
  }

  async #serve(conn: Deno.TcpConn): Promise<void> {
    await using link = new MqttLink(conn, { version: "3.1.1" });
    this.#links.add(link);
    for (;;) {
      const arrival = await link.receive(60_000);
      if (arrival?.kind !== "packet") return;
      try {
        for (const draft of this.answer(arrival.packet, link)) await link.send(draft);
      } catch {
        return;
      }
      if (arrival.packet.type === "DISCONNECT") return;
    }
  }
}

/** The answers of any broker; messages are not delivered. */
export function polite(packet: Packet): readonly Draft[] {
  switch (packet.type) {
    case "CONNECT":
      return [{ type: "CONNACK", reason: 0 }];
    case "SUBSCRIBE":
      return [{
        type: "SUBACK",
        packetId: packet.packetId,
        reasons: packet.subscriptions.map(({ qos }) => qos),
      }];
    case "PUBLISH":
      return packet.qos === 1 ? [{ type: "PUBACK", packetId: packet.packetId }] : [];
    case "PINGREQ":
      return [{ type: "PINGRESP" }];
    default:
      return [];
  }
}
