/**
 * Serves one hostile peer on a free loopback port, or behind a pty, and prints its address. It exits with its
 * standard input.
 */
import { openPty } from "../../lib/transport/pty.ts";
import { ResettableTcp } from "../../lib/transport/resettable_tcp.ts";
import { peerNamed } from "./peers.ts";
import { Visitor } from "./visitor.ts";

const peer = peerNamed(Deno.args[0] ?? "");
if (peer.pty) {
  const { master, path } = openPty();
  console.log(`serial:${path}`);
  void new Visitor(master, peer).serve();
} else {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const scheme = peer.plays === "broker" ? "mqtt" : "tcp-serial";
  console.log(`${scheme}://127.0.0.1:${listener.addr.port}`);
  const accepting = (async () => {
    for await (const conn of listener) void new Visitor(new ResettableTcp(conn), peer).serve();
  })();
  accepting.catch(() => {
    // The listener was closed.
  });
}
// The parent of this process holds its standard input; without the parent nobody needs the peer.
for await (const _ of Deno.stdin.readable) {
  // Nothing is sent there.
}
Deno.exit(0);
