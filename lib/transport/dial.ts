import { messageOf } from "../ground/error_message.ts";
import { ellipsis, escaped, quoteEscaped } from "../ground/text.ts";
import type { BrokerAddress, WebSocketAddress } from "./address.ts";
import { formatAddress } from "./address.ts";
import { givenUp, TransportError } from "./error.ts";
import { ResettableTcp } from "./resettable_tcp.ts";
import { at, type ConnectOptions, connectTcp } from "./tcp.ts";
import { connectTls, type TlsOptions } from "./tls.ts";
import type { Transport } from "./transport.ts";
import { connectUnix } from "./unix.ts";
import { WebSocketTransport } from "./websocket.ts";
import { requestUpgrade, type UpgradeAnswer } from "./websocket_upgrade.ts";

/** The WebSocket subprotocol of MQTT. [MQTT-6.0.0-3] */
export const SUBPROTOCOL = "mqtt";

/** Options for a connection to a broker. */
export interface DialOptions extends ConnectOptions {
  /** For `mqtts` and `wss`. */
  readonly tls?: TlsOptions | undefined;
}

/** Opens a connection to a broker by the transport that its address names. Throws {@link TransportError}. */
export async function dial(address: BrokerAddress, options: DialOptions = {}): Promise<Transport> {
  switch (address.kind) {
    case "mqtt":
      return new ResettableTcp(await connectTcp(address.host, address.port, options));
    case "mqtts":
      return await connectTls(address.host, address.port, options.tls, options);
    case "unix":
      return await connectUnix(address.path, options);
    case "ws":
    case "wss": {
      const { answer, transport } = await dialWebSocket(address, [SUBPROTOCOL], options);
      const problem = upgradeProblem(answer);
      if (problem === undefined) return transport;
      transport.close();
      throw new TransportError("failed", `${formatAddress(address)} ${problem}`);
    }
  }
}

/**
 * Opens a WebSocket connection and offers these subprotocols. The caller checks the server's response; the
 * transport carries bytes only if its status is 101. Throws {@link TransportError} if there is no response.
 */
export async function dialWebSocket(
  address: WebSocketAddress,
  subprotocols: readonly string[],
  options: DialOptions = {},
): Promise<{ readonly answer: UpgradeAnswer; readonly transport: WebSocketTransport }> {
  const { host, port, path } = address;
  const authority = at(host, port);
  const begin = performance.now();
  const inner = address.kind === "ws"
    ? new ResettableTcp(await connectTcp(host, port, options))
    : await connectTls(host, port, options.tls, options);
  const withinMs = (options.withinMs ?? 5_000) - (performance.now() - begin);
  let given: TransportError | undefined;
  const giveUp = (error: TransportError) => {
    given = error;
    inner.close();
  };
  const late = `${authority} did not respond to the WebSocket upgrade in time`;
  const timer = setTimeout(() => giveUp(new TransportError("timeout", late)), Math.max(0, withinMs));
  const onAbort = () => giveUp(givenUp(authority));
  options.signal?.addEventListener("abort", onAbort);
  try {
    options.signal?.throwIfAborted();
    const { answer, rest } = await requestUpgrade(inner, { authority, path, subprotocols });
    return { answer, transport: new WebSocketTransport(inner, "client", rest) };
  } catch (error) {
    if (!given) inner.close();
    if (given ?? error instanceof TransportError) throw given ?? error;
    const text = messageOf(error);
    throw new TransportError("failed", `No WebSocket to ${authority}: ${text}`, { cause: error });
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", onAbort);
  }
}

/** Describes what is wrong with a response to a client that offered only the subprotocol of MQTT. */
function upgradeProblem(answer: UpgradeAnswer): string | undefined {
  const { status, reason, subprotocol } = answer;
  if (status !== 101) {
    const said = escaped(ellipsis(`${status} ${reason}`.trim(), 60));
    return `answered the WebSocket upgrade with ${said}; check the path`;
  }
  // [MQTT-6.0.0-4]
  if (subprotocol === SUBPROTOCOL) return undefined;
  const chose = subprotocol === undefined
    ? "no subprotocol"
    : `the subprotocol ${quoteEscaped(subprotocol, 60)}`;
  return `chose ${chose}; expected "${SUBPROTOCOL}", which was offered`;
}
