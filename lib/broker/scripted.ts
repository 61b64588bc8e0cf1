import { ResettableTcp } from "../transport/resettable_tcp.ts";
import type { Transport } from "../transport/transport.ts";
import { sendAtOnce } from "./stream.ts";

/** How many connections may wait to be accepted; further ones are closed. */
const WAITING_LIMIT = 64;
const ACCEPT_AGAIN_MS = 20;

/**
 * A listener from which the harness accepts connections one by one, to play the broker of a module on them. A connection
 * that arrives while another is open waits.
 */
export class ScriptedBroker implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #accepting: Promise<void>;
  readonly #waiting: Deno.TcpConn[] = [];
  #wake: (() => void) | undefined;
  #closed = false;

  private constructor(listener: Deno.TcpListener) {
    this.#listener = listener;
    this.#accepting = this.#accept();
  }

  /** Listens on `port` of `host`; 0 chooses any free one. Throws what Deno.listen throws. */
  static listen(host: string, port = 0): ScriptedBroker {
    return new ScriptedBroker(Deno.listen({ hostname: host, port }));
  }

  /** The port it listens on. */
  get port(): number {
    return this.#listener.addr.port;
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
    const connection = this.#waiting.shift();
    return connection && new ResettableTcp(connection);
  }

  /** Stops listening and closes every connection that was not accepted. */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#listener.close();
      this.#wake?.();
    }
    await this.#accepting;
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

  async #accept(): Promise<void> {
    for (;;) {
      let conn: Deno.TcpConn;
      try {
        conn = await this.#listener.accept();
      } catch (error) {
        if (this.#closed || error instanceof Deno.errors.BadResource) return;
        // The client had disconnected before the accept, or too many files are open.
        await new Promise((resolve) => setTimeout(resolve, ACCEPT_AGAIN_MS));
        continue;
      }
      if (this.#closed || this.#waiting.length >= WAITING_LIMIT) {
        conn.close();
        continue;
      }
      sendAtOnce(conn);
      this.#waiting.push(conn);
      this.#wake?.();
    }
  }
}
