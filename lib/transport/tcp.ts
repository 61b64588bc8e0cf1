import { messageOf } from "../ground/error_message.ts";
import { givenUp, notGranted, TransportError, type TransportFault, unknownHost } from "./error.ts";

/** The timeout of a connection attempt, and a signal to cancel it. */
export interface ConnectOptions {
  /** The timeout in milliseconds, including name resolution and handshake; default 5,000. */
  readonly withinMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called below TLS only: when the TCP connection is there, and when the TLS handshake is complete. */
  readonly reached?: ((stage: "tcp" | "tls") => void) | undefined;
}

/**
 * Opens a TCP connection that sends small packets at once (no Nagle delay). Throws a {@link TransportError}
 * with the reason in one sentence.
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
      const text = `No response from ${where} within ${
        withinMs / 1000
      } s; check the address and the firewall`;
      throw new TransportError("timeout", text, { cause: error });
    }
    throw explain(host, where, error);
  } finally {
    clearTimeout(timeout);
  }
}

/** Disables Nagle's delay and returns the connection. Closes a connection that does not allow it. */
function sentAtOnce(connection: Deno.TcpConn): Deno.TcpConn {
  try {
    connection.setNoDelay(true);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Formats `host:port`, with an IPv6 address in brackets. */
export function at(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Returns the connection unless `signal` aborts first. A name server that does not respond outlasts the
 * signal, so the wait ends here; a connection that comes later is closed.
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
  [/refused/i, "refused", "refused the connection; check that a program listens there"],
  [/timed out/i, "timeout", "did not respond; check the address and the firewall"],
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
