import { setImmediate } from "node:timers";
import { Decoder } from "../../lib/mqtt/decode.ts";
import { encode } from "../../lib/mqtt/encode.ts";
import type { Draft, Packet, ProtocolVersion } from "../../lib/mqtt/packet.ts";
import { type Transport, writeAll } from "../../lib/transport/transport.ts";

/** The largest packet of a visitor that is read, in bytes. */
const LARGEST = 1024 * 1024;

/** A broker or a module that does harm on purpose. */
export interface HostilePeer {
  /** Its name on the command line and in the table. */
  readonly name: string;
  /** What it does, as a predicate after its name. */
  readonly about: string;
  readonly plays: "broker" | "module";
  /** Whether a module is behind a pty instead of a serial line over TCP. */
  readonly pty?: boolean;
  /**
   * Whether it answers like a broker: CONNACK, SUBACK, UNSUBACK, PINGRESP and the acknowledgements of QoS 1
   * and 2. Default true for a broker; a module sends nothing by itself.
   */
  readonly answers?: boolean;
  /** Called at the start of each connection. */
  readonly opened?: (visitor: Visitor) => void | Promise<void>;
  /** Called after the CONNACK. */
  readonly connected?: (visitor: Visitor) => void | Promise<void>;
  /** Called after a SUBACK, with the filters. */
  readonly subscribed?: (visitor: Visitor, filters: readonly string[]) => void | Promise<void>;
  /** Called with what a host sends. */
  readonly typed?: (visitor: Visitor, text: string) => void | Promise<void>;
}

/** A connection to a hostile peer, from the peer's side. */
export class Visitor {
  readonly #conn: Transport;
  readonly #peer: HostilePeer;
  readonly #decoder = new Decoder({ version: "3.1.1", maximumPacketSize: LARGEST });
  readonly #ended = new AbortController();
  readonly #heard: Promise<void>[] = [];

  constructor(conn: Transport, peer: HostilePeer) {
    this.#conn = conn;
    this.#peer = peer;
  }

  /** The version of its CONNECT. */
  get version(): ProtocolVersion {
    return this.#decoder.version;
  }

  /** Serves the connection until either end closes it. */
  async serve(): Promise<void> {
    const { plays, opened } = this.#peer;
    try {
      this.#run(opened?.(this));
      const buffer = new Uint8Array(64 * 1024);
      const decoder = new TextDecoder();
      for (let size = await this.#conn.read(buffer); size !== null; size = await this.#conn.read(buffer)) {
        if (plays === "module") {
          this.#run(this.#peer.typed?.(this, decoder.decode(buffer.subarray(0, size))));
          continue;
        }
        this.#decoder.push(buffer.subarray(0, size));
        for (let frame = this.#decoder.next(); frame; frame = this.#decoder.next()) {
          if (frame.kind === "packet" && this.#peer.answers !== false) await this.#answer(frame.packet);
        }
        // A visitor that sends without end must not block the other visitors of this process.
        await macrotask();
      }
    } catch {
      // The visitor or the peer itself has closed the connection.
    }
    this.close();
    await Promise.all(this.#heard);
  }

  /** Writes packets in the version of the visitor. */
  async send(...drafts: readonly Draft[]): Promise<void> {
    for (const draft of drafts) await this.write(encode(draft, this.version));
  }

  /** Writes bytes unchanged. */
  async write(bytes: Uint8Array): Promise<void> {
    await writeAll(this.#conn, bytes);
  }

  /** Yields to the other connections of this process. */
  turn(): Promise<void> {
    return macrotask();
  }

  /** Writes the bytes repeatedly until the connection ends. */
  async flood(bytes: Uint8Array): Promise<void> {
    while (!this.#ended.signal.aborted) {
      await this.write(bytes);
      await macrotask();
    }
  }

  /** Writes one byte after the other, `pauseMs` apart. */
  async trickle(bytes: Uint8Array, pauseMs: number): Promise<void> {
    for (let at = 0; at < bytes.length && !this.#ended.signal.aborted; at++) {
      await this.write(bytes.subarray(at, at + 1));
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
        this.#ended.signal.addEventListener("abort", () => {
          clearTimeout(timer);
          resolve();
        }, { once: true });
      });
    }
  }

  /** Closes the connection. */
  close(): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    this.#conn.close();
  }

  /** Resets the connection. */
  reset(): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    this.#conn.reset?.();
  }

  #run(doing: void | Promise<void>): void {
    if (doing) this.#heard.push(doing.catch(() => this.close()));
  }

  async #answer(packet: Packet): Promise<void> {
    switch (packet.type) {
      case "CONNECT":
        await this.send({ type: "CONNACK" });
        return this.#run(this.#peer.connected?.(this));
      case "SUBSCRIBE": {
        const { packetId, subscriptions } = packet;
        await this.send({ type: "SUBACK", packetId, reasons: subscriptions.map(({ qos }) => qos) });
        return this.#run(this.#peer.subscribed?.(this, subscriptions.map(({ filter }) => filter)));
      }
      case "UNSUBSCRIBE":
        return await this.send({
          type: "UNSUBACK",
          packetId: packet.packetId,
          reasons: packet.filters.map(() => 0),
        });
      case "PINGREQ":
        return await this.send({ type: "PINGRESP" });
      case "PUBLISH":
        if (packet.qos === 1) await this.send({ type: "PUBACK", packetId: packet.packetId ?? 0 });
        if (packet.qos === 2) await this.send({ type: "PUBREC", packetId: packet.packetId ?? 0 });
        return;
      case "PUBREL":
        return await this.send({ type: "PUBCOMP", packetId: packet.packetId });
      case "DISCONNECT":
        return this.close();
    }
  }
}

function macrotask(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
