/**
 * The port range for started programs. It is below the range from which the system assigns ports, so no other
 * program gets one of them by chance while a program starts.
 */
const FIRST = 20_000;
const PORTS = 12_000;
/** The number of ports to try; if none is free, the system chooses one. */
const TRIES = 200;

/** Returns a loopback port without a listener, 20,000 to 31,999 if possible. */
export function freePort(): number {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = FIRST + Math.floor(Math.random() * PORTS);
    if (isFree(port)) return port;
  }
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Whether this loopback port has no listener now. */
export function isFree(port: number): boolean {
  try {
    using _listener = Deno.listen({ hostname: "127.0.0.1", port });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}
