import type { BrokerAddress } from "../transport/address.ts";
import { listen, type ServerTls } from "../transport/listen.ts";
import { ResettableTcp } from "../transport/resettable_tcp.ts";
import type { Transport } from "../transport/transport.ts";
import { sendAtOnce } from "./stream.ts";

/** How many connections may wait to be accepted; further ones are closed. */
const WAITING_LIMIT = 64;
const ACCEPT_AGAIN_MS = 20;

/** What a scripted broker listens with. */
interface Source {
  readonly port: number;
  /** Stops listening; resolves once no connection can come any more. */
  close(): Promise<void>;
}

/** How clients connect to a scripted broker. */
export interface ScriptedOver {
  readonly kind: Exclude<BrokerAddress["kind"], "unix">;
  /** Required for `mqtts` and `wss`. */
  readonly tls?: ServerTls | undefined;
}

/**
 * A listener from which the harness accepts connections one by one, to play the broker of a module on them. A connection
 * that arrives while another is open waits.
 */
export class ScriptedBroker implements AsyncDisposable {
  readonly #source: Source;
  readonly #waiting: Transport[] = [];
  #wake: (() => void) | undefined;
  #closed = false;

  private constructor(source: (take: (connection: Transport) => void) => Source) {
    this.#source = source((connection) => this.#take(connection));
  }

  /** Listens on `port` of `host` by TCP; 0 chooses any free one. Throws what Deno.listen throws. */
  static listen(host: string, port = 0): ScriptedBroker {
    const listener = Deno.listen({ hostname: host, port });
    return new ScriptedBroker((take) => tcpSource(listener, take));
  }

  /** Listens on a free port of `host` by TCP, TLS or WebSocket. Throws what {@link listen} of the transports throws. */
  static async over({ kind, tls }: ScriptedOver, host: string): Promise<ScriptedBroker> {
    if (kind === "mqtt") return ScriptedBroker.listen(host);
    let take = (connection: Transport) => connection.close();
    const address: BrokerAddress = kind === "mqtts"
      ? { kind, host, port: 0 }
      : { kind, host, port: 0, path: "/mqtt" };
    const listener = await listen(address, {
      tls,
      resettable: true,
      accept: (connection) => take(connection),
      // A client whose handshake failed has not connected, which the case shows.
      log: () => {},
    });
    const { address: bound } = listener;
    const port = "port" in bound ? bound.port : 0;
    return new ScriptedBroker((each) => {
      take = each;
      let closing: Promise<void> | undefined;
      return { port, close: () => closing ??= listener.close() };
    });
  }

  /** The port it listens on. */
  get port(): number {
    return this.#source.port;
  }

  /** How many connections wait to be accepted. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Accepts the next connection, which the caller then owns; undefined if none arrives in `withinMs`, or `signal` aborts. */
  async accept(withinMs: number, signal?: AbortSignal): Promise<Transport | undefined> {
    if (this.#waiting.length === 0 && !this.#closed && !signal?.aborted) {
      await this.#arrival(withinMs, signal);
    }
    return this.#waiting.shift();
  }

  /** Stops listening and closes every connection that was not accepted. */
  async close(): Promise<void> {
    this.#closed = true;
    const closing = this.#source.close();
    this.#wake?.();
    // A connection that waits would keep a TLS listener open.
    for (const connection of this.#waiting.splice(0)) connection.close();
    await closing;
    for (const connection of this.#waiting.splice(0)) connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #arrival(withinMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      signal?.addEventListener("abort", done);
      this.#wake = done;
    });
  }

  #take(connection: Transport): void {
    if (this.#closed || this.#waiting.length >= WAITING_LIMIT) return connection.close();
    this.#waiting.push(connection);
    this.#wake?.();
  }
}

function tcpSource(listener: Deno.TcpListener, take: (connection: Transport) => void): Source {
  let closed = false;
  const accepting = (async () => {
    for (;;) {
      try {
        const conn = await listener.accept();
        sendAtOnce(conn);
        take(new ResettableTcp(conn));
      } catch (error) {
        if (closed || error instanceof Deno.errors.BadResource) return;
        // The client had disconnected before the accept, or too many files are open.
        await new Promise((resolve) => setTimeout(resolve, ACCEPT_AGAIN_MS));
      }
    }
  })();
  return {
    port: listener.addr.port,
    async close() {
      if (!closed) listener.close();
      closed = true;
      await accepting;
    },
  };
}
