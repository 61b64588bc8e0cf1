import { MqttLink } from "../link/mqtt_link.ts";

/** How many connections may wait to be taken; what comes on top is closed. */
const WAITING_LIMIT = 64;

/**
 * The broker as a lane of a module suite: it listens, and each connection that it accepts is a conversation that the suite
 * leads. A connection that comes while another is there waits its turn.
 */
export class ScriptedBroker implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #accepting: Promise<void>;
  readonly #waiting: MqttLink[] = [];
  readonly #links = new Set<MqttLink>();
  #wake: (() => void) | undefined;
  #closed = false;

  private constructor(listener: Deno.TcpListener) {
    this.#listener = listener;
    this.#accepting = this.#accept();
  }

  /** Listens on `port` of `host`, 0 being any that is free. Throws what Deno.listen throws. */
  static listen(host: string, port = 0): ScriptedBroker {
    return new ScriptedBroker(Deno.listen({ hostname: host, port }));
  }

  /** The port it listens on. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** How many connections wait to be taken. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * The next connection, or undefined when `withinMs` pass or `signal` aborts without one. It stays the broker's own: it
   * is closed with it, if the caller has not done so.
   */
  async accept(withinMs: number, signal?: AbortSignal): Promise<MqttLink | undefined> {
    if (this.#waiting.length === 0 && !this.#closed && !signal?.aborted) {
      await this.#arrival(withinMs, signal);
    }
    return this.#waiting.shift();
  }

  /** Listens no longer and closes every connection. */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#listener.close();
      this.#wake?.();
    }
    await this.#accepting;
    await Promise.all(Array.from(this.#links, (link) => link[Symbol.asyncDispose]()));
    this.#links.clear();
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
        // The client was gone before it was accepted.
        continue;
      }
      if (this.#closed || this.#waiting.length >= WAITING_LIMIT) {
        conn.close();
        continue;
      }
      conn.setNoDelay(true);
      this.#forgetClosed();
      const link = new MqttLink(conn, { version: "3.1.1" });
      this.#links.add(link);
      this.#waiting.push(link);
      this.#wake?.();
    }
  }

  // A link whose far end is gone holds its socket until it is closed here too; one that waits may still be taken.
  #forgetClosed(): void {
    for (const link of this.#links) {
      if (!link.closed || this.#waiting.includes(link)) continue;
      link.close();
      this.#links.delete(link);
    }
  }
}
