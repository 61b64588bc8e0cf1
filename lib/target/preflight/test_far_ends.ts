import { Broker, type BrokerOptions } from "../../broker/broker.ts";
import { makeCertificates } from "../../transport/certificates.ts";
import { connectTcp } from "../../transport/tcp.ts";

/** Something at a port, and its address. */
export interface FarEnd extends AsyncDisposable {
  readonly port: number;
}

/** Starts a server that treats each connection in the same way; it owns the connections. */
export function server(serve: (connection: Deno.TcpConn) => Promise<void> | void): FarEnd {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.TcpConn>();
  const serving = (async () => {
    for await (const connection of listener) {
      open.add(connection);
      void Promise.resolve(serve(connection)).catch(() => {});
    }
  })();
  return {
    port: listener.addr.port,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving.catch(() => {});
      for (const connection of open) connection[Symbol.dispose]();
    },
  };
}

/** Starts a server that answers the first bytes with these bytes. */
export function answering(bytes: Uint8Array | string): FarEnd {
  const answer = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  return server(async (connection) => {
    await connection.read(new Uint8Array(1_024));
    await connection.write(answer);
    connection.closeWrite();
  });
}

/** Starts an HTTP server that waits for the end of a line, as many do, so a CONNECT gets no response. */
export function lineByLine(): FarEnd {
  return server(async (connection) => {
    const buffer = new Uint8Array(1_024);
    for (;;) {
      const size = await connection.read(buffer);
      if (size === null) return;
      if (!buffer.subarray(0, size).includes(0x0a)) continue;
      await connection.write(new TextEncoder().encode("HTTP/1.1 404 Not Found\r\n\r\n"));
    }
  });
}

/** Starts the reference broker on a free port; only over TLS if `tls`, which may require client certificates. */
export async function broker(
  options: BrokerOptions,
  tls: boolean | "with client certificates" = false,
): Promise<FarEnd> {
  const certificates = tls ? await makeCertificates() : undefined;
  const also = tls ? [{ kind: "mqtts" as const, host: "127.0.0.1", port: 0 }] : [];
  const clientCa = typeof tls === "string" ? certificates?.ca : undefined;
  const running = await Broker.start({
    ...options,
    also,
    tls: certificates && { ...certificates.server, clientCa },
  });
  const secure = running.addresses.find(({ kind }) => kind === "mqtts");
  const port = secure?.kind === "mqtts" ? secure.port : running.address.port;
  return { port, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

/** A port without a listener; a connection from it keeps it from being given to another program. */
export async function dead(): Promise<FarEnd> {
  const held = new DisposableStack();
  const listener = held.use(Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const [from, to] = await Promise.all([
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
    listener.accept(),
  ]);
  held.use(from);
  held.use(to);
  return { port: from.localAddr.port, [Symbol.asyncDispose]: () => Promise.resolve(held.dispose()) };
}

/** A port with a full backlog, which neither accepts nor refuses a connection. */
export async function full(): Promise<FarEnd> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0, tcpBacklog: 1 });
  const { port } = listener.addr;
  const held = new DisposableStack();
  held.use(listener);
  for (let tries = 0; tries < 20; tries++) {
    try {
      held.use(await connectTcp("127.0.0.1", port, { withinMs: 200 }));
    } catch {
      return { port, [Symbol.asyncDispose]: () => Promise.resolve(held.dispose()) };
    }
  }
  held.dispose();
  throw new Error("The queue was never full");
}
