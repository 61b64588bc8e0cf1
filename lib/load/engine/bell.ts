/**
 * A connection of a thread with itself. Who waits for its ring lets the thread ask the system once what has come on all
 * connections, without waiting for more; a timer would wait, and be woken by each packet meanwhile.
 */
export class Bell implements Disposable {
  readonly #rope: Deno.TcpConn;
  readonly #clapper: Deno.TcpConn;
  readonly #byte = new Uint8Array(1);
  // Deno asks the system again only after a read that did not fill its buffer.
  readonly #heard = new Uint8Array(8);

  private constructor(rope: Deno.TcpConn, clapper: Deno.TcpConn) {
    this.#rope = rope;
    this.#clapper = clapper;
  }

  /** Hangs a bell up, on loopback. Throws what the system says. */
  static async hang(): Promise<Bell> {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const [rope, clapper] = await Promise.all([
      Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
      listener.accept(),
    ]);
    rope.setNoDelay(true);
    return new Bell(rope, clapper);
  }

  /** Resolves when the system has been asked. Rejects when the bell is taken down meanwhile. */
  async ring(): Promise<void> {
    await this.#rope.write(this.#byte);
    await this.#clapper.read(this.#heard);
  }

  [Symbol.dispose](): void {
    this.#rope.close();
    this.#clapper.close();
  }
}
