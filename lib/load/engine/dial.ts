import type { Socket } from "node:net";
import type { MqttAddress } from "../../transport/address.ts";
import type { TlsOptions } from "../../transport/tls.ts";
import type { Transport } from "../../transport/transport.ts";
import type { BrokerPlace } from "../plan/plan.ts";

/** The limit of an attempt; usually the profile's own limit is shorter. */
const WITHIN_MS = 60_000;

/** A network connection, and how long its TLS handshake took in ms. */
export interface Dialled {
  readonly transport: Transport;
  /** Absent without TLS. */
  readonly tlsMs?: number | undefined;
}

/**
 * One attempt to connect, which its owner may give up. Deno's own TCP needs no AbortController, and creating one with
 * its signal costs more than the attempt itself; so it is created only when the signal is used.
 */
export class Attempt {
  #givenUp = false;
  #abort: AbortController | undefined;

  /** Whether the owner has given it up. */
  get givenUp(): boolean {
    return this.#givenUp;
  }

  /** Aborts when the owner gives up the attempt. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#givenUp) this.#abort.abort();
    return this.#abort.signal;
  }

  /** Gives up the attempt: whatever is opened from now on is closed at once. */
  giveUp(): void {
    this.#givenUp = true;
    this.#abort?.abort();
  }
}

/**
 * Opens a network connection, without Nagle's delay. Throws what the system throws.
 *
 * Deno's own connections cost least, so they are used for TCP and TLS unless the connection needs a source address, a
 * client certificate or certain TLS versions, or accepts any certificate; Deno's own do not support these. The code for
 * those is loaded with the first such connection, because loading it takes a third of a worker's start time.
 */
export async function dial(
  place: BrokerPlace,
  from: string | undefined,
  attempt: Attempt,
): Promise<Dialled> {
  const { address, tls } = place;
  const withinMs = WITHIN_MS;
  if (from !== undefined && address.kind !== "mqtt") {
    throw new Error("--from requires mqtt://");
  }
  if (address.kind === "mqtt") {
    if (from !== undefined) return { transport: await dialFrom(address, from, attempt.signal) };
    return { transport: await dialTcp(address.host, address.port, attempt) };
  }
  if (address.kind === "mqtts" && isPlain(tls)) {
    const tcp = await dialTcp(address.host, address.port, attempt);
    const begun = performance.now();
    const secure = await Deno.startTls(tcp, {
      hostname: tls?.serverName ?? address.host,
      ...(tls?.ca === undefined ? {} : { caCerts: [tls.ca] }),
    });
    await secure.handshake();
    return { transport: secure, tlsMs: performance.now() - begun };
  }
  let tcpAt: number | undefined;
  let tlsMs: number | undefined;
  const reached = (stage: "tcp" | "tls") => {
    const now = performance.now();
    if (stage === "tcp") tcpAt = now;
    else if (tcpAt !== undefined) tlsMs = now - tcpAt;
  };
  const { dial: dialAny } = await import("../../transport/dial.ts");
  return { transport: await dialAny(address, { signal: attempt.signal, withinMs, tls, reached }), tlsMs };
}

/** Whether Deno's own TLS can do it. */
function isPlain(tls: TlsOptions | undefined): boolean {
  return tls?.certificate === undefined && tls?.versions === undefined && tls?.insecure !== true;
}

async function dialTcp(hostname: string, port: number, attempt: Attempt): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname, port });
  if (attempt.givenUp) {
    connection.close();
    throw new DOMException("The connection was given up", "AbortError");
  }
  connection.setNoDelay(true);
  return connection;
}

async function dialFrom(broker: MqttAddress, from: string, signal: AbortSignal): Promise<Transport> {
  const { default: net } = await import("node:net");
  return await new Promise((resolve, reject) => {
    const socket = net.connect({ host: broker.host, port: broker.port, localAddress: from, noDelay: true });
    const giveUp = () => {
      socket.destroy();
      reject(new DOMException("The connection was given up", "AbortError"));
    };
    signal.addEventListener("abort", giveUp, { once: true });
    socket.once("error", reject);
    socket.once("connect", () => {
      signal.removeEventListener("abort", giveUp);
      socket.off("error", reject);
      resolve(new SocketTransport(socket));
    });
  });
}

/** A socket of node:net as a transport. */
class SocketTransport implements Transport {
  readonly #socket: Socket;
  readonly #chunks: Uint8Array[] = [];
  #ended = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Uint8Array) => {
      this.#chunks.push(chunk);
      // Unread data stays in the system's buffer.
      socket.pause();
      this.#wake?.();
    });
    socket.on("error", (error) => this.#error = error);
    socket.on("close", () => {
      this.#ended = true;
      this.#wake?.();
    });
    socket.on("end", () => {
      this.#ended = true;
      this.#wake?.();
    });
  }

  async read(into: Uint8Array): Promise<number | null> {
    while (this.#chunks.length === 0) {
      if (this.#error) throw this.#error;
      if (this.#ended) return null;
      this.#socket.resume();
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const chunk = this.#chunks.shift() ?? new Uint8Array(0);
    const size = Math.min(chunk.length, into.length);
    into.set(chunk.subarray(0, size));
    if (size < chunk.length) this.#chunks.unshift(chunk.subarray(size));
    return size;
  }

  write(bytes: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => error ? reject(error) : resolve(bytes.length));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
