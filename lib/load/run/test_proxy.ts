import { Decoder } from "../../mqtt/decode.ts";

/** When a proxy stalls, counted from its first PUBLISH; for how long; and how long it delays each packet meanwhile. */
export interface Stall {
  readonly afterMs: number;
  readonly forMs: number;
  readonly eachMs: number;
}

/** A proxy between clients and a broker that delays each packet of the broker while it stalls. */
export class StallingProxy implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #stall: Stall;
  readonly #broker: number;
  readonly #connections: Deno.TcpConn[] = [];
  readonly #running: Promise<void>[] = [];
  readonly #timers = new Set<{ readonly timer: ReturnType<typeof setTimeout>; readonly end: () => void }>();
  #firstMs = Infinity;
  #ended = false;

  private constructor(listener: Deno.TcpListener, broker: number, stall: Stall) {
    this.#listener = listener;
    this.#broker = broker;
    this.#stall = stall;
    this.#running.push(this.#accept());
  }

  /** Listens for clients of the broker at the port `broker`. */
  static start(broker: number, stall: Stall): Promise<StallingProxy> {
    return Promise.resolve(new StallingProxy(Deno.listen({ hostname: "127.0.0.1", port: 0 }), broker, stall));
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    this.#listener.close();
    for (const { timer, end } of this.#timers) {
      clearTimeout(timer);
      end();
    }
    for (const connection of this.#connections) {
      try {
        connection.close();
      } catch {
        // The connection ended by itself.
      }
    }
    await Promise.all(this.#running);
  }

  async #accept(): Promise<void> {
    try {
      for await (const client of this.#listener) {
        const broker = await Deno.connect({ hostname: "127.0.0.1", port: this.#broker });
        client.setNoDelay(true);
        broker.setNoDelay(true);
        this.#connections.push(client, broker);
        this.#running.push(this.#pass(client, broker, false), this.#pass(broker, client, true));
      }
    } catch {
      // The listener was closed.
    }
  }

  async #pass(from: Deno.TcpConn, to: Deno.TcpConn, stalls: boolean): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    const decoder = new Decoder({ version: "3.1.1", maximumPacketSize: 1024 * 1024 });
    try {
      for (let size = await from.read(buffer); size !== null; size = await from.read(buffer)) {
        decoder.push(buffer.subarray(0, size));
        for (let frame = decoder.next(); frame; frame = decoder.next()) {
          const published = frame.kind === "packet" && frame.packet.type === "PUBLISH";
          if (published) this.#firstMs = Math.min(this.#firstMs, performance.now());
          if (stalls && this.#stalling()) await this.#wait();
          await write(to, frame.raw);
        }
      }
    } catch {
      // One of the two was closed.
    }
    try {
      to.close();
    } catch {
      // It was closed already.
    }
  }

  #stalling(): boolean {
    const since = performance.now() - this.#firstMs;
    return since >= this.#stall.afterMs && since < this.#stall.afterMs + this.#stall.forMs;
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#ended) return resolve();
      const entry = {
        timer: setTimeout(() => {
          this.#timers.delete(entry);
          resolve();
        }, this.#stall.eachMs),
        end: resolve,
      };
      this.#timers.add(entry);
    });
  }
}

async function write(to: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) done += await to.write(bytes.subarray(done));
}
