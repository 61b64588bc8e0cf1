import { type ConnectOptions, connectTcp } from "./tcp.ts";
import type { Transport } from "./transport.ts";

/**
 * Opens a serial line that a device server offers as a raw TCP port: bytes go through as they are, and speed and framing
 * are the server's business. Throws like {@link connectTcp}.
 */
export async function connectTcpSerial(
  host: string,
  port: number,
  options: ConnectOptions = {},
): Promise<Transport> {
  const connection = await connectTcp(host, port, options);
  // A device server that loses its power says nothing; probes let the line hang up in the end.
  connection.setKeepAlive(true);
  return connection;
}
