import { messageOf } from "../ground/error_message.ts";
import { givenUp, notGranted, TransportError, type TransportFault, unknownHost } from "./error.ts";

/** How long to try, and what may end it before. */
export interface ConnectOptions {
  /** Milliseconds for the name, the handshake and all; default 5,000. */
  readonly withinMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called below TLS only: when the TCP connection is there, and when the TLS handshake is complete. */
  readonly reached?: ((stage: "tcp" | "tls") => void) | undefined;
}

/**
 * Opens a TCP connection. Small packets are sent at once (no Nagle delay). Throws a {@link TransportError} that says in a
 * sentence why there is none.
 */
export async function connectTcp(
  host: string,
  port: number,
  options: ConnectOptions = {},
): Promise<Deno.TcpConn> {
  const withinMs = options.withinMs ?? 5_000;
  const where = at(host, port);
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), withinMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timer.signal]) : timer.signal;
  try {
    return sentAtOnce(await openedBefore(Deno.connect({ hostname: host, port, signal }), signal));
  } catch (error) {
    if (options.signal?.aborted) throw givenUp(where, { cause: error });
    if (timer.signal.aborted) {
      const text = `No answer from ${where} within ${withinMs / 1000} s; check the address and the firewall`;
      throw new TransportError("timeout", text, { cause: error });
    }
    throw explain(host, where, error);
  } finally {
    clearTimeout(timeout);
  }
}

/** The same connection without Nagle's delay; one that refuses this is closed. */
function sentAtOnce(connection: Deno.TcpConn): Deno.TcpConn {
  try {
    connection.setNoDelay(true);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** `host:port`, an IPv6 address in brackets. */
export function at(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * The connection, unless `signal` aborts before it is there. A name server that does not answer outlasts the signal, so
 * the wait ends here, and a connection that comes late is closed.
 */
async function openedBefore(connecting: Promise<Deno.TcpConn>, signal: AbortSignal): Promise<Deno.TcpConn> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  try {
    signal.throwIfAborted();
    return await Promise.race([connecting, promise]);
  } catch (error) {
    connecting.then((late) => late.close(), () => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

const FAULTS: readonly (readonly [RegExp, TransportFault, string])[] = [
  [/refused/i, "refused", "refused the connection; is anything listening there?"],
  [/timed out/i, "timeout", "did not answer; check the address and the firewall"],
  [/unreachable|no route/i, "unreachable", "is not reachable from here; check the network"],
];

function explain(host: string, where: string, error: unknown): TransportError {
  const cause = { cause: error };
  const text = messageOf(error);
  if (error instanceof Deno.errors.NotCapable) return notGranted(where, cause);
  if (/lookup|resolve|name or service|not known|no address/i.test(text)) return unknownHost(host, cause);
  for (const [pattern, fault, sentence] of FAULTS) {
    if (pattern.test(text)) return new TransportError(fault, `${where} ${sentence}`, cause);
  }
  return new TransportError("failed", `No connection to ${where}: ${text}`, cause);
}
