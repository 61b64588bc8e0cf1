/**
 * A loopback connection of a thread to itself, with which the thread polls the system.
 *
 * A thread that writes a byte to itself and waits for it gets, with that byte, everything that has arrived on its other
 * connections, and does not wait for more. A timer instead would wait, and each packet would wake the thread meanwhile.
 */
export class SelfPipe implements Disposable {
  readonly #writer: Deno.TcpConn;
  readonly #reader: Deno.TcpConn;
  readonly #byte = new Uint8Array(1);
  // Deno polls the system again only after a read that did not fill its buffer.
  readonly #into = new Uint8Array(8);

  private constructor(writer: Deno.TcpConn, reader: Deno.TcpConn) {
    this.#writer = writer;
    this.#reader = reader;
  }

  /** Opens the connection. Throws what the system throws. */
  static async open(): Promise<SelfPipe> {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const [writer, reader] = await Promise.all([
      Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
      listener.accept(),
    ]);
    writer.setNoDelay(true);
    return new SelfPipe(writer, reader);
  }

  /** Resolves once the system was polled. Rejects if the pipe is closed meanwhile. */
  async poll(): Promise<void> {
    await this.#writer.write(this.#byte);
    await this.#reader.read(this.#into);
  }

  [Symbol.dispose](): void {
    this.#writer.close();
    this.#reader.close();
  }
}
