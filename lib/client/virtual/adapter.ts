import type { AdapterProgram } from "../adapter.ts";
import { LineSplitter } from "../line_splitter.ts";
import { type Asked, Refused } from "./asked.ts";
import { VirtualClient } from "./client.ts";
import { type ClientChanges, clientHooks } from "./changes.ts";

/** Bytes that one request may have. */
const LONGEST_LINE = 4 * 1024 * 1024;

/**
 * The virtual client behind an adapter in this process, which speaks lines of JSON as every other. Throws a RangeError for
 * a defect or a quirk that does not exist.
 */
export function virtualAdapter(name: string, changes: ClientChanges = {}): AdapterProgram {
  const hooks = clientHooks(changes);
  const output = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, { highWaterMark: 1024 });
  const writer = output.writable.getWriter();
  const clients = new Map<string, VirtualClient>();
  const write = (message: unknown) => {
    writer.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`)).catch(() => {
      // The reader is gone.
    });
  };
  const reset = () => {
    for (const client of clients.values()) client.close();
    clients.clear();
  };
  const answer = (request: Asked): unknown => {
    const named = String(request.client);
    if (request.do === "reset") return reset(), { ok: true };
    if (request.do === "connect") {
      const known = clients.get(named);
      const client: VirtualClient = known ?? new VirtualClient(named, hooks, (event) => {
        if (clients.get(named) === client) write(event);
      });
      clients.set(named, client);
      client.connect(request);
      return { ok: true };
    }
    const client = clients.get(named);
    if (!client) throw new Refused("this client has never connected");
    switch (request.do) {
      case "publish":
        return { ok: true, token: client.publish(request) };
      case "subscribe":
        return { ok: true, token: client.subscribe(request) };
      case "unsubscribe":
        return { ok: true, token: client.unsubscribe(request) };
      case "disconnect":
        return client.disconnect(request), { ok: true };
      case "auth":
        return client.authenticate(request), { ok: true };
      default:
        return { unsupported: `there is no ${request.do}` };
    }
  };
  const lines = new LineSplitter(LONGEST_LINE);
  write({
    hello: "virtual-client",
    adapter: 1,
    version: "1",
    protocols: ["3.1", "3.1.1", "5.0"],
    transports: ["tcp"],
    supports: ["raw-strings", "auth"],
  });
  return {
    name,
    stdin: new WritableStream({
      write(bytes) {
        for (const line of lines.push(bytes)) {
          const request: Asked = JSON.parse(line);
          let reply: unknown;
          try {
            reply = answer(request);
          } catch (error) {
            if (!(error instanceof Refused)) throw error;
            reply = { refused: error.message };
          }
          write({ id: request.id, ...(reply as object) });
        }
      },
      close: reset,
      abort: reset,
    }),
    stdout: output.readable,
    ending: () => "is part of this process",
    lastWords: () => "",
  };
}
