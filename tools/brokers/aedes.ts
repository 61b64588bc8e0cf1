/**
 * Serves aedes, a broker for Node, on loopback: `deno run tools/brokers/aedes.ts PORT`; `--version` prints
 * its version. It exits by itself when its parent is gone, because a launcher between the two may be killed.
 */
// @ts-types="./aedes.d.ts"
import { Aedes } from "aedes";
import process from "node:process";
import { Duplex } from "node:stream";
import { writeAll } from "../../lib/transport/transport.ts";

const LOOPBACK = "127.0.0.1";
/** The interval between two checks for its parent, in ms. */
const LOOK_MS = 250;

const [port = ""] = Deno.args;
if (port === "--version") {
  const config: { imports: Record<string, string> } = JSON.parse(
    await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
  );
  console.log(config.imports.aedes?.replace("npm:", ""));
  Deno.exit(0);
}

// aedes names its timers by host name and process id; this id avoids the permission for the host name.
const broker = await Aedes.createBroker({ id: `attest-${process.pid}` });
const listener = Deno.listen({ hostname: LOOPBACK, port: Number(port) });
(async () => {
  for await (const connection of listener) {
    // aedes writes a packet in parts; with Nagle's delay each later part would wait for an acknowledgement.
    connection.setNoDelay(true);
    broker.handle(streamOf(connection));
  }
})();
/**
 * Converts a connection to a Node stream: the sockets of Deno's own node:net stall in the middle of large
 * packets.
 */
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
