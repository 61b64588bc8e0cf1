import { Decoder } from "../mqtt/decode.ts";
import { encode } from "../mqtt/encode.ts";
import type { Frame } from "../mqtt/frame.ts";
import type { Draft, ProtocolVersion } from "../mqtt/packet.ts";
import { TransportError } from "../transport/error.ts";
import type { FrameDraft } from "../transport/websocket_frame.ts";
import { type Transport, writeAll } from "../transport/transport.ts";
import { KeptBytes } from "./kept_bytes.ts";
import { type Closed, Link } from "./link.ts";

/** What arrives on a link: packets in their order, and last the close. */
export type Arrival = Frame | Closed;

/** Options of an {@link MqttLink}. */
export interface MqttLinkOptions {
  /** The version in which packets are written and read; a CONNECT that arrives changes it. */
  readonly version: ProtocolVersion;
  /** A received packet larger than this breaks the stream; bytes, default 16 MiB. */
  readonly maximumPacketSize?: number | undefined;
  /** How many arrivals may wait unread before the link stops reading; default 10,000. */
  readonly inboxLimit?: number | undefined;
  /** How much is kept of what comes; default by what is sent on this link alone. */
  readonly kept?: KeptBytes | undefined;
  /** Gives a promise that has to resolve before more is read, where one who answers does not get on with its writes. */
  readonly behind?: (() => Promise<void> | undefined) | undefined;
  /**
   * Called for each arrival as it comes in. What it answers true to is taken and stays out of the inbox; an arrival
   * that it gives is put there instead.
   */
  readonly onArrival?: ((arrival: Arrival) => boolean | Arrival) | undefined;
}

/**
 * A conversation in MQTT packets over a transport, from either end: what is received waits in an inbox, in order, until
 * it is taken. The link owns the transport and closes it.
 */
export class MqttLink extends Link<Arrival> {
  readonly #decoder: Decoder;
  readonly #kept: KeptBytes;
  readonly #behind: (() => Promise<void> | undefined) | undefined;
  readonly #onArrival: ((arrival: Arrival) => boolean | Arrival) | undefined;
  #version: ProtocolVersion;

  constructor(transport: Transport, options: MqttLinkOptions) {
    const kept = options.kept ?? new KeptBytes();
    super(transport, options.inboxLimit, () => kept.waiting);
    this.#kept = kept;
    this.#behind = options.behind;
    this.#version = options.version;
    this.#decoder = new Decoder({
      version: options.version,
      maximumPacketSize: options.maximumPacketSize ?? 16 * 1024 * 1024,
      keptPacketSize: () => kept.ofPacket,
    });
    this.#onArrival = options.onArrival;
    this.begin(this.#read());
  }

  /** The version in which packets are written and read. */
  get version(): ProtocolVersion {
    return this.#version;
  }

  set version(version: ProtocolVersion) {
    this.#version = version;
    this.#decoder.version = version;
  }

  /** Writes a packet and gives the bytes it was. Throws what the transport throws. */
  async send(draft: Draft): Promise<Uint8Array> {
    const bytes = encode(draft, this.#version);
    await this.sendBytes(bytes);
    return bytes;
  }

  /** Writes bytes as they are. */
  async sendBytes(bytes: Uint8Array): Promise<void> {
    this.#kept.sent(bytes.length);
    await writeAll(this.transport, bytes);
  }

  /** Writes one WebSocket frame as it is. Throws TransportError where the transport has none. */
  async sendFrame(frame: FrameDraft): Promise<void> {
    this.#kept.sent(frame.payload.length);
    if (this.transport.writeFrame) return await this.transport.writeFrame(frame);
    throw new TransportError("unsupported", "This connection is no WebSocket, and has no frames");
  }

  /** Ends the connection by a reset. Throws TransportError where the transport can't; it is ended all the same. */
  reset(): void {
    this.end(() => {
      if (this.transport.reset) return this.transport.reset();
      this.transport.close();
      throw new TransportError("unsupported", "This connection can't be ended by a reset");
    });
  }

  #put(arrival: Arrival): void {
    if (arrival.kind === "closed") this.noteClose(arrival);
    const taken = this.#onArrival?.(arrival);
    if (taken === true) return;
    this.inbox.put(typeof taken === "object" ? taken : arrival);
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(16 * 1024);
    try {
      for (;;) {
        const size = await this.transport.read(buffer);
        if (size === null) return this.#put({ kind: "closed", how: "end" });
        this.#decoder.push(buffer.subarray(0, size));
        for (let frame = this.#decoder.next(); frame; frame = this.#decoder.next()) {
          if (frame.kind === "packet" && frame.packet.type === "CONNECT") {
            this.#version = this.#decoder.version;
          }
          this.#put(frame);
          // Thousands of the smallest packets fit into one read.
          if (this.inbox.full) await this.inbox.room();
          if (this.closedHere) break;
        }
        await this.readOn();
        await this.#behind?.();
      }
    } catch (error) {
      if (this.closedHere) this.#put({ kind: "closed", how: "end" });
      else if (error instanceof TransportError) {
        this.#put({ kind: "closed", how: "reset", why: error.message });
      } else this.#put({ kind: "closed", how: "reset" });
    }
  }
}
