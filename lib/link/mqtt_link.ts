import { Decoder } from "../mqtt/decode.ts";
import { encode } from "../mqtt/encode.ts";
import type { Frame } from "../mqtt/frame.ts";
import type { Draft, ProtocolVersion } from "../mqtt/packet.ts";
import { TransportError } from "../transport/error.ts";
import type { FrameDraft } from "../transport/websocket_frame.ts";
import { type Transport, writeAll } from "../transport/transport.ts";
import { KeptBytes } from "./kept_bytes.ts";
import { type Closed, Link } from "./link.ts";

/** What arrives on a link: packets in order, and finally the close. */
export type Arrival = Frame | Closed;

/** Options of an {@link MqttLink}. */
export interface MqttLinkOptions {
  /** The version for writing and reading packets; a received CONNECT changes it. */
  readonly version: ProtocolVersion;
  /** The largest packet in bytes that does not break the stream; default 16 MiB. */
  readonly maximumPacketSize?: number | undefined;
  /** How many unread arrivals stop the link from reading; default 10,000. */
  readonly inboxLimit?: number | undefined;
  /** How much of the arrivals is kept; by default this depends only on what is sent on this link. */
  readonly kept?: KeptBytes | undefined;
  /** Returns a promise to await before the next read, if the answering side cannot keep up with its writes. */
  readonly behind?: (() => Promise<void> | undefined) | undefined;
  /**
   * Called for each arrival as it comes in. If it returns true, the arrival stays out of the inbox; if it
   * returns an arrival, that one goes there instead.
   */
  readonly onArrival?: ((arrival: Arrival) => boolean | Arrival) | undefined;
}

/**
 * A conversation in MQTT packets over a transport, from either end. Received packets wait in an inbox, in
 * order, until they are taken. The link owns the transport and closes it.
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

  /** The version for writing and reading packets. */
  get version(): ProtocolVersion {
    return this.#version;
  }

  set version(version: ProtocolVersion) {
    this.#version = version;
    this.#decoder.version = version;
  }

  /** Writes a packet and returns its bytes. Throws what the transport throws. */
  async send(draft: Draft): Promise<Uint8Array> {
    const bytes = encode(draft, this.#version);
    await this.sendBytes(bytes);
    return bytes;
  }

  /** Writes bytes unchanged. */
  async sendBytes(bytes: Uint8Array): Promise<void> {
    this.#kept.sent(bytes.length);
    await writeAll(this.transport, bytes);
  }

  /** Writes one WebSocket frame unchanged. Throws TransportError if the transport has no frames. */
  async sendFrame(frame: FrameDraft): Promise<void> {
    this.#kept.sent(frame.payload.length);
    if (this.transport.writeFrame) return await this.transport.writeFrame(frame);
    throw new TransportError("unsupported", "This connection is not a WebSocket and has no frames");
  }

  /**
   * Ends the connection by a reset. Throws TransportError if the transport does not support it; the
   * connection is closed anyway.
   */
  reset(): void {
    this.end(() => {
      if (this.transport.reset) return this.transport.reset();
      this.transport.close();
      throw new TransportError("unsupported", "This connection cannot be reset");
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
          // One read can contain thousands of the smallest packets.
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
