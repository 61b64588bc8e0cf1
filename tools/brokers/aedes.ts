/**
 * Serves aedes, a broker for Node, on loopback: `deno run tools/brokers/aedes.ts PORT [WEBSOCKET-PORT]`; `--version` says
 * which. It ends by itself when its parent is gone, since a launcher between the two may die without a word.
 */
// @ts-types="./aedes.d.ts"
import { Aedes } from "aedes";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { createServer } from "node:net";
import process from "node:process";
import { createWebSocketStream, WebSocketServer } from "ws";

const LOOPBACK = "127.0.0.1";
/** How often it looks for its parent; ms. */
const LOOK_MS = 250;

const [port = "", websocketPort] = Deno.args;
if (port === "--version") {
  const config: { imports: Record<string, string> } = JSON.parse(
    await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
  );
  console.log(config.imports.aedes?.replace("npm:", ""));
  Deno.exit(0);
}

// aedes names its timers by the host and its process, and asks for neither more.
const broker = await Aedes.createBroker({ id: `attest-${process.pid}` });
createServer(broker.handle).listen(Number(port), LOOPBACK);
if (websocketPort !== undefined) {
  const server = createHttpServer();
  const sockets = new WebSocketServer({
    server,
    handleProtocols: (offered: ReadonlySet<string>) => offered.has("mqtt") ? "mqtt" : false,
  });
  sockets.on("connection", (socket: unknown, request: IncomingMessage) => {
    const stream = createWebSocketStream(socket);
    // What goes wrong with a client is the client's to see.
    stream.on("error", () => {});
    broker.handle(stream, request);
  });
  server.listen(Number(websocketPort), LOOPBACK);
}

const parent = Deno.ppid;
setInterval(() => {
  if (Deno.ppid !== parent) Deno.exit(0);
}, LOOK_MS);
