import { createServer, type TLSSocket } from "node:tls";
import { defined } from "../ground/defined.ts";
import type { BrokerAddress } from "./address.ts";
import { ResettableTcp } from "./resettable_tcp.ts";
import { at } from "./tcp.ts";
import { TlsTransport, type TlsVersion, versionRange } from "./tls.ts";
import type { Transport } from "./transport.ts";
import { type WebSocketHabits, WebSocketTransport } from "./websocket.ts";
import { answerUpgrade } from "./websocket_upgrade.ts";

/** The TLS settings of a listener. All texts are PEM. */
export interface ServerTls {
  readonly certificate: string;
  readonly key: string;
  /** The authority of the client certificates; without it no client certificate is requested. */
  readonly clientCa?: string | undefined;
  /** The accepted versions; default all. */
  readonly versions?: readonly TlsVersion[] | undefined;
}

/** How a listener responds to clients and passes on connections. */
export interface ListenOptions {
  /** Required for `mqtts` and `wss`. */
  readonly tls?: ServerTls | undefined;
  /**
   * Chooses the response to a client that offers these subprotocols. The default accepts `mqtt` if it is
   * offered and refuses otherwise.
   */
  readonly choose?: (
    offered: readonly string[],
  ) => { readonly status: number; readonly subprotocol?: string };
  readonly habits?: WebSocketHabits | undefined;
  /** Wraps each connection when it is accepted, above TLS and below WebSocket. */
  readonly through?: ((transport: Transport) => Transport) | undefined;
  /** Whether connections can be reset, which needs the C library. */
  readonly resettable?: boolean | undefined;
  /** Receives each connection and takes ownership of it; `from` identifies the client. */
  readonly accept: (transport: Transport, from: string) => void;
  /** Called with one line that says why a connection failed. */
  readonly log: (line: string) => void;
}

/** A listener of any kind. */
export interface Listener {
  /** The address where it listens, with the actual port. */
  readonly address: BrokerAddress;
  /** Stops listening and closes the connections that have not been passed to `accept`. */
  close(): Promise<void>;
}

const ACCEPT_AGAIN_MS = 50;
/** How long a client may take for the handshakes before its first byte of MQTT, in ms. */
const HANDSHAKE_MS = 10_000;

/**
 * Listens for MQTT clients. Port 0 means any free port; the path of a WebSocket is ignored. Throws what
 * Deno.listen throws, and a TypeError if TLS has no certificate.
 */
export async function listen(address: BrokerAddress, options: ListenOptions): Promise<Listener> {
  switch (address.kind) {
    case "mqtt":
      return listenPlain(Deno.listen({ hostname: address.host, port: address.port }), address, options);
    case "unix":
      return listenPlain(Deno.listen({ transport: "unix", path: address.path }), address, options);
    case "mqtts":
      return await listenTls(address, options);
    case "ws": {
      const upgrades = new Upgrades(options);
      const inner = { ...options, accept: upgrades.take };
      const listener = Deno.listen({ hostname: address.host, port: address.port });
      return upgrades.before(listenPlain(listener, address, inner));
    }
    case "wss": {
      const upgrades = new Upgrades(options);
      return upgrades.before(await listenTls(address, { ...options, accept: upgrades.take }));
    }
  }
}

function listenPlain(
  listener: Deno.Listener<Deno.TcpConn | Deno.UnixConn>,
  address: BrokerAddress,
  options: ListenOptions,
): Listener {
  const { through = (transport) => transport } = options;
  let closed = false;
  const accepting = (async () => {
    while (!closed) {
      try {
        const connection = await listener.accept();
        options.accept(through(readied(connection, options.resettable)), nameOf(connection));
      } catch (error) {
        if (closed || error instanceof Deno.errors.BadResource) return;
        // Too many open files, or the client left before it was accepted.
        options.log(`A connection could not be accepted: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, ACCEPT_AGAIN_MS));
      }
    }
  })();
  const { addr } = listener;
  return {
    address: address.kind !== "unix" && "port" in addr ? { ...address, port: addr.port } : address,
    async close() {
      closed = true;
      listener.close();
      await accepting;
      if (address.kind === "unix") await Deno.remove(address.path).catch(() => {});
    },
  };
}

async function listenTls(
  address: Extract<BrokerAddress, { host: string }>,
  options: ListenOptions,
): Promise<Listener> {
  const { tls, through = (transport) => transport } = options;
  if (!tls) throw new TypeError("A listener for TLS needs a certificate and a key");
  const sockets = new Set<TLSSocket>();
  const server = createServer({
    cert: tls.certificate,
    key: tls.key,
    ...defined({ ca: tls.clientCa }),
    requestCert: tls.clientCa !== undefined,
    rejectUnauthorized: true,
    ...versionRange(tls.versions),
    handshakeTimeout: HANDSHAKE_MS,
  }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.setNoDelay(true);
    const from = at(socket.remoteAddress ?? "a client", socket.remotePort ?? 0);
    options.accept(through(new TlsTransport(socket, from)), from);
  });
  server.on("tlsClientError", (error) => options.log(`A TLS handshake failed: ${error.message}`));
  const listening = Promise.withResolvers<void>();
  server.once("error", (error: Error & { code?: string }) => {
    listening.reject(error.code === "EADDRINUSE" ? new Deno.errors.AddrInUse(error.message) : error);
  });
  server.listen(address.port, address.host, () => listening.resolve());
  await listening.promise;
  const bound = server.address();
  const port = typeof bound === "object" && bound ? bound.port : address.port;
  return {
    address: { ...address, port },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroySoon();
      }),
  };
}

/** Connections during their WebSocket handshake. */
class Upgrades {
  readonly #options: ListenOptions;
  readonly #open = new Map<Transport, Promise<void>>();

  constructor(options: ListenOptions) {
    this.#options = options;
  }

  /** Starts the handshake on a new connection. */
  readonly take = (transport: Transport, from: string): void => {
    const upgrading = this.#upgrade(transport, from).finally(() => this.#open.delete(transport));
    this.#open.set(transport, upgrading);
  };

  /** Returns the same listener, but its close also ends the current handshakes. */
  before(listener: Listener): Listener {
    return {
      address: listener.address,
      close: async () => {
        const closing = listener.close();
        for (const transport of this.#open.keys()) transport.close();
        await Promise.all([closing, ...this.#open.values()]);
      },
    };
  }

  async #upgrade(transport: Transport, from: string): Promise<void> {
    const { accept, log, choose = chooseMqtt, habits } = this.#options;
    const timer = setTimeout(() => transport.close(), HANDSHAKE_MS);
    try {
      const rest = await answerUpgrade(transport, choose);
      if (rest) return accept(new WebSocketTransport(transport, "server", rest, habits), from);
      log(`${from} did not request a WebSocket with the subprotocol mqtt`);
      transport.close();
    } catch (error) {
      log(`${from} did not become a WebSocket: ${String(error)}`);
      transport.close();
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Chooses the subprotocol `mqtt` if the client offers it, otherwise refuses. [MQTT-6.0.0-3] [MQTT-6.0.0-4] */
export function chooseMqtt(
  offered: readonly string[],
): { readonly status: number; readonly subprotocol?: string } {
  return offered.includes("mqtt") ? { status: 101, subprotocol: "mqtt" } : { status: 400 };
}

/** Disables Nagle's delay, and enables a reset if requested. */
function readied(connection: Deno.TcpConn | Deno.UnixConn, resettable = false): Transport {
  if (!("setNoDelay" in connection)) return connection;
  try {
    connection.setNoDelay(true);
  } catch {
    // A connection that has already closed fails on its first read.
  }
  return resettable ? new ResettableTcp(connection) : connection;
}

function nameOf(connection: Deno.TcpConn | Deno.UnixConn): string {
  const { remoteAddr } = connection;
  return "hostname" in remoteAddr ? at(remoteAddr.hostname, remoteAddr.port) : "a client of the socket";
}
