import { strictEqual } from "node:assert/strict";
import { TransportError } from "./error.ts";
import { at, connectTcp } from "./tcp.ts";
import { connectTcpSerial } from "./tcp_serial.ts";
import { writeAll } from "./transport.ts";

async function failure(connecting: Promise<Disposable>): Promise<TransportError> {
  try {
    using _open = await connecting;
  } catch (error) {
    if (error instanceof TransportError) return error;
    throw error;
  }
  throw new Error("the connection was made");
}

function listen(): { listener: Deno.TcpListener; port: number } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return { listener, port: listener.addr.port };
}

for (const [name, connect] of [["connectTcp", connectTcp], ["connectTcpSerial", connectTcpSerial]] as const) {
  Deno.test(`${name}() carries bytes both ways and reports the end of the stream`, async () => {
    const { listener, port } = listen();
    using _listener = listener;
    using here = await connect("127.0.0.1", port);
    const there = await listener.accept();
    await writeAll(here, new TextEncoder().encode("ping"));
    const buffer = new Uint8Array(10);
    strictEqual(await there.read(buffer), 4);
    there.close();
    strictEqual(await here.read(buffer), null);
  });
}

Deno.test("connectTcp() reports a missing listener", async () => {
  const { listener, port } = listen();
  listener.close();
  const error = await failure(connectTcp("127.0.0.1", port));
  strictEqual(error.fault, "refused");
  strictEqual(error.message, `127.0.0.1:${port} refused the connection; check that a program listens there`);
});

Deno.test("connectTcp() says that a host's name is not known", async () => {
  const error = await failure(connectTcp("no-such-host.invalid", 1883));
  strictEqual(error.fault, "unknown-host");
  strictEqual(error.message, 'Unknown host "no-such-host.invalid"; check its spelling');
});

/** A port with a full backlog, which neither accepts nor refuses a connection. */
async function busy(): Promise<{ port: number } & Disposable> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0, tcpBacklog: 1 });
  const { port } = listener.addr;
  const held = new DisposableStack();
  held.use(listener);
  for (let i = 0; i < 20; i++) {
    try {
      held.use(await connectTcp("127.0.0.1", port, { withinMs: 200 }));
    } catch {
      return { port, [Symbol.dispose]: () => held.dispose() };
    }
  }
  throw new Error("the queue was never full");
}

Deno.test("connectTcp() gives up after its timeout", async () => {
  using full = await busy();
  const error = await failure(connectTcp("127.0.0.1", full.port, { withinMs: 50 }));
  strictEqual(error.fault, "timeout");
  const text = `No response from 127.0.0.1:${full.port} within 0.05 s; check the address and the firewall`;
  strictEqual(error.message, text);
});

Deno.test("connectTcp() gives up when its signal aborts", async () => {
  using full = await busy();
  const stop = new AbortController();
  const error = failure(connectTcp("127.0.0.1", full.port, { signal: stop.signal, withinMs: 60_000 }));
  stop.abort();
  strictEqual((await error).fault, "aborted");
  strictEqual((await failure(connectTcp("127.0.0.1", full.port, { signal: stop.signal }))).fault, "aborted");
});

Deno.test("at() puts an IPv6 address in brackets", () => {
  strictEqual(at("::1", 1883), "[::1]:1883");
  strictEqual(at("h", 1883), "h:1883");
});
