import { connectTcp } from "../transport/tcp.ts";
import type { Transport } from "../transport/transport.ts";

/** The addresses that a virtual module can reach. */
export interface Reach {
  /** Maps `host:port` as the commands name it to the `address:port` to connect to. */
  readonly resolve: ReadonlyMap<string, string>;
  /** Whether the module may connect to other machines than this one. */
  readonly allowRemote: boolean;
  readonly timeoutMs: number;
}

/**
 * Opens the TCP connection of an `AT+ECMTOPEN`. Throws an Error with a sentence if that fails, or if the
 * address is not on this machine.
 */
export function dial(reach: Reach, host: string, port: number, signal: AbortSignal): Promise<Transport> {
  const [address, to] = resolved(reach, decodedHost(host), port);
  if (isForDocuments(address)) return silence(reach.timeoutMs, signal);
  if (!reach.allowRemote && !isLoopback(address)) {
    return Promise.reject(
      new Error(`"${address}" is not an address of this machine; map it with a resolve entry`),
    );
  }
  return connectTcp(address, to, { withinMs: reach.timeoutMs, signal });
}

function decodedHost(host: string): string {
  return new TextDecoder().decode(Uint8Array.from(host, (byte) => byte.charCodeAt(0)));
}

function resolved(reach: Reach, host: string, port: number): [string, number] {
  const mapped = reach.resolve.get(`${host}:${port}`) ?? reach.resolve.get(`${host.toLowerCase()}:${port}`);
  const colon = mapped?.lastIndexOf(":") ?? -1;
  if (!mapped || colon < 0) return [host, port];
  return [mapped.slice(0, colon).replace(/^\[|\]$/g, ""), Number(mapped.slice(colon + 1))];
}

/** Whether RFC 5737 reserves an address for documentation, where no host ever responds. */
function isForDocuments(host: string): boolean {
  return /^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}$/.test(host);
}

function silence(ms: number, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      reject(new Error("The host did not respond"));
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
