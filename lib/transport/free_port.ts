/**
 * The ports that programs are given: below those that the system gives to connections and to listeners that name no port, so
 * that nobody gets one of them by chance while a program starts.
 */
const FIRST = 20_000;
const PORTS = 12_000;
/** So many ports are tried; where none of them is free, the system chooses. */
const TRIES = 200;

/** A loopback port, 20,000 to 31,999 where one can be had, on which nobody listens now. */
export function freePort(): number {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = FIRST + Math.floor(Math.random() * PORTS);
    if (isFree(port)) return port;
  }
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Whether nobody listens on this loopback port now. */
export function isFree(port: number): boolean {
  try {
    using _listener = Deno.listen({ hostname: "127.0.0.1", port });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}
