import { type ConnectOptions, connectTcp } from "./tcp.ts";
import type { Transport } from "./transport.ts";

/**
 * Opens a serial line that a device server offers as a raw TCP port. Bytes pass unchanged; the server
 * controls speed and framing. Throws like {@link connectTcp}.
 */
export async function connectTcpSerial(
  host: string,
  port: number,
  options: ConnectOptions = {},
): Promise<Transport> {
  const connection = await connectTcp(host, port, options);
  // A device server that loses power sends nothing; keep-alive probes hang up the line eventually.
  connection.setKeepAlive(true);
  return connection;
}
