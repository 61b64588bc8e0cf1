import { type Arrival, MqttLink } from "../../link/mqtt_link.ts";
import { encode } from "../../mqtt/encode.ts";
import type { Draft, ProtocolVersion } from "../../mqtt/packet.ts";
import { pause } from "../../ground/wait.ts";
import type { Writing } from "./hooks.ts";

const NEVER = new AbortController().signal;

/** One network connection of the virtual client, whose packets are written one after the other. */
export class Line implements AsyncDisposable {
  readonly #link: MqttLink;
  readonly #version: ProtocolVersion;
  readonly #writing: Writing;
  #writes: Promise<void> = Promise.resolve();

  constructor(connection: Deno.TcpConn, version: ProtocolVersion, writing: Writing) {
    this.#link = new MqttLink(connection, { version });
    this.#version = version;
    this.#writing = writing;
  }

  /** Settles once all that was sent is written. */
  get written(): Promise<void> {
    return this.#writes;
  }

  /** The next packet of the broker, or the end. */
  receive(): Promise<Arrival | undefined> {
    return this.#link.receive(2 ** 31 - 1);
  }

  /** Sends a packet behind those before it; returns its bytes. */
  send(draft: Draft): Uint8Array {
    const bytes = encode(draft, this.#version);
    this.#writes = this.#writes.then(() => this.#write(bytes)).catch(() => {
      // The end of the connection is reported when it is read.
    });
    return bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#link[Symbol.asyncDispose]();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const { pieceBytes = bytes.length, pauseMs } = this.#writing;
    if (pauseMs > 0) await pause(pauseMs, NEVER);
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      await this.#link.sendBytes(bytes.subarray(at, at + pieceBytes));
    }
  }
}
