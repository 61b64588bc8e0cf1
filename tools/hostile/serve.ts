/** Serves one hostile peer on a free port of loopback, and prints the port. It ends with its standard input. */
import { peerNamed } from "./peers.ts";
import { Visitor } from "./visitor.ts";

const peer = peerNamed(Deno.args[0] ?? "");
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
console.log(listener.addr.port);

const accepting = (async () => {
  for await (const conn of listener) void new Visitor(conn, peer).serve();
})();
accepting.catch(() => {
  // The listener was closed.
});
// Whoever started this process holds its standard input; without him nobody needs the peer.
for await (const _ of Deno.stdin.readable) {
  // Nothing is said there.
}
Deno.exit(0);
