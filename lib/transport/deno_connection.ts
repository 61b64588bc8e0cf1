import type { Transport } from "./transport.ts";

/** A Deno connection as a transport; a subclass implements its reset. It owns the connection. */
export abstract class DenoConnection<C extends Deno.Conn<Deno.Addr>> implements Transport {
  protected readonly connection: C;

  constructor(connection: C) {
    this.connection = connection;
  }

  read(into: Uint8Array): Promise<number | null> {
    return this.connection.read(into);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.connection.write(bytes);
  }

  close(): void {
    this.connection.close();
  }

  abstract reset(): void;

  [Symbol.dispose](): void {
    this.connection[Symbol.dispose]();
  }
}
