/**
 * Serves aedes, a broker for Node, on loopback: `deno run tools/brokers/aedes.ts PORT`; `--version` says which. It ends by itself when its parent is gone, since a launcher between the two may die without a word.
 */
// @ts-types="./aedes.d.ts"
import { Aedes } from "aedes";
import process from "node:process";
import { Duplex } from "node:stream";
import { writeAll } from "../../lib/transport/transport.ts";

const LOOPBACK = "127.0.0.1";
/** How often it looks for its parent; ms. */
const LOOK_MS = 250;

const [port = ""] = Deno.args;
if (port === "--version") {
  const config: { imports: Record<string, string> } = JSON.parse(
    await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
  );
  console.log(config.imports.aedes?.replace("npm:", ""));
  Deno.exit(0);
}

// aedes names its timers by the host and its process, and asks for neither more.
const broker = await Aedes.createBroker({ id: `attest-${process.pid}` });
const listener = Deno.listen({ hostname: LOOPBACK, port: Number(port) });
(async () => {
  for await (const connection of listener) {
    // aedes writes a packet in parts, and what follows the first would wait for its acknowledgment.
    connection.setNoDelay(true);
    broker.handle(streamOf(connection));
  }
})();
/** A connection as a stream of Node's kind: the sockets of Deno's own node:net stall in the middle of large packets. */
function streamOf(connection: Deno.TcpConn): Duplex {
  const buffer = new Uint8Array(64 * 1024);
  return new Duplex({
    read() {
      connection.read(buffer).then(
        (size) => this.push(size === null ? null : buffer.slice(0, size)),
        (error) => this.destroy(error),
      );
    },
    write(chunk: Uint8Array, _encoding: string, done: (error?: Error) => void) {
      writeAll(connection, chunk).then(() => done(), done);
    },
    final(done: (error?: Error) => void) {
      connection.closeWrite().then(() => done(), () => done());
    },
    destroy(_error: Error | null, done: (error: Error | null) => void) {
      connection.close();
      done(null);
    },
  });
}

const parent = Deno.ppid;
setInterval(() => {
  if (Deno.ppid !== parent) Deno.exit(0);
}, LOOK_MS);
