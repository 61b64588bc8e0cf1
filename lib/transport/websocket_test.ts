import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { once } from "node:events";
import { WebSocketServer } from "ws";
import type { WebSocketAddress } from "./address.ts";
import { makeCertificates } from "./certificates.ts";
import { dial, dialWebSocket } from "./dial.ts";
import { listen, type Listener } from "./listen.ts";
import { noise, readAll } from "./test_bytes.ts";
import { type Transport, writeAll } from "./transport.ts";
import { WebSocketTransport } from "./websocket.ts";
import { decodeHead, encodeFrame, OPCODE } from "./websocket_frame.ts";

const HOST = "127.0.0.1";

function address(port: number, kind: "ws" | "wss" = "ws"): WebSocketAddress {
  return { kind, host: HOST, port, path: "/mqtt" };
}

/** The npm package ws as a server that echoes each message. */
async function oracle() {
  const server = new WebSocketServer({
    host: HOST,
    port: 0,
    handleProtocols: (offered: ReadonlySet<string>) => offered.has("mqtt") ? "mqtt" : false,
  });
  const got: string[] = [];
  server.on("connection", (socket: Echo) => {
    socket.on("message", (data, isBinary) => {
      got.push(`${isBinary ? "binary" : "text"} ${data.length}`);
      socket.send(data, { binary: isBinary });
    });
    socket.on("error", () => {});
  });
  await once(server, "listening");
  const bound: { port: number } = server.address();
  return {
    port: bound.port,
    got,
    server,
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Echo {
  on(event: "message", take: (data: Uint8Array, isBinary: boolean) => void): void;
  on(event: "error", take: () => void): void;
  send(data: Uint8Array | string, options?: { binary: boolean }): void;
  ping(data?: string): void;
  close(code?: number): void;
}

Deno.test("a head is read once it is whole, in each form of length, masked or not", () => {
  for (const size of [0, 1, 125, 126, 65_535, 65_536]) {
    for (const mask of [undefined, Uint8Array.of(1, 2, 3, 4)]) {
      const payload = noise(size);
      const bytes = encodeFrame({ opcode: OPCODE.binary, payload, mask });
      const head = decodeHead(bytes);
      strictEqual(head && head.size + head.length, bytes.length);
      strictEqual(head?.final, true);
      deepStrictEqual(head?.mask, mask);
      for (let cut = 0; cut < (head?.length ?? 0); cut++) {
        strictEqual(decodeHead(bytes.subarray(0, cut)), undefined);
      }
    }
  }
});

Deno.test("the npm package ws reads what is written, and what it sends is read", async () => {
  await using far = await oracle();
  using transport = await dial(address(far.port));
  for (const size of [1, 125, 126, 65_535, 65_536, 300_000]) {
    const bytes = noise(size);
    const [back] = await Promise.all([readAll(transport, size), writeAll(transport, bytes)]);
    strictEqual(back.toHex(), bytes.toHex());
  }
  deepStrictEqual(far.got, [1, 125, 126, 65_535, 65_536, 300_000].map((size) => `binary ${size}`));
});

Deno.test("fragments are one message to ws, and frames between them are answered", async () => {
  await using far = await oracle();
  using transport = await dial(address(far.port));
  const bytes = noise(10);
  await transport.writeFrame?.({ opcode: OPCODE.binary, payload: bytes.subarray(0, 3), final: false });
  await transport.writeFrame?.({ opcode: OPCODE.ping, payload: new Uint8Array(0) });
  await transport.writeFrame?.({ opcode: OPCODE.continuation, payload: bytes.subarray(3) });
  strictEqual((await readAll(transport, 10)).toHex(), bytes.toHex());
  deepStrictEqual(far.got, ["binary 10"]);
});

Deno.test("a ping of ws is answered, its close is an end, and its text frame is refused", async () => {
  await using far = await oracle();
  const connected = once(far.server, "connection");
  const transport = await dial(address(far.port));
  const [socket]: (Echo & { once(event: "pong", take: (data: Uint8Array) => void): void })[] =
    await connected;
  const pong = new Promise<string>((resolve) =>
    socket?.once("pong", (data) => resolve(new TextDecoder().decode(data)))
  );
  socket?.ping("are you there");
  socket?.close(1000);
  strictEqual(await transport.read(new Uint8Array(1)), null);
  strictEqual(await pong, "are you there");
  transport.close();

  const next = once(far.server, "connection");
  const other = await dial(address(far.port));
  const [texting]: Echo[] = await next;
  texting?.send("hello");
  await rejects(other.read(new Uint8Array(1)), {
    message: "The server sent a WebSocket text frame; MQTT requires binary frames",
  });
  other.close();
});

Deno.test("an invalid frame is reported in a sentence", async () => {
  const cases: readonly (readonly [Uint8Array, RegExp])[] = [
    [Uint8Array.of(0x83, 0), /reserved opcode 3$/],
    [Uint8Array.of(0xc2, 0), /set reserved bits/],
    [encodeFrame({ opcode: 2, payload: noise(1), mask: noise(4) }), /with a mask$/],
    [Uint8Array.of(0x80, 0), /without a message to continue$/],
    [Uint8Array.of(0x02, 0, 0x82, 0), /within another$/],
    [Uint8Array.of(0x09, 0), /too long or fragmented$/],
  ];
  for (const [bytes, sentence] of cases) {
    let rest = bytes;
    const inner: Transport = {
      read(into) {
        if (rest.length === 0) return Promise.resolve(null);
        // One byte at a time, so every head arrives in parts.
        into.set(rest.subarray(0, 1));
        rest = rest.subarray(1);
        return Promise.resolve(1);
      },
      write: (written) => Promise.resolve(written.length),
      close: () => {},
      [Symbol.dispose]: () => {},
    };
    using transport = new WebSocketTransport(inner, "client");
    await rejects(async () => {
      while (await transport.read(new Uint8Array(4)) !== null) { /* until the server closes */ }
    }, sentence);
  }
});

Deno.test("the platform's WebSocket gets mqtt from our server, plain and over TLS", async () => {
  const { ca, server } = await makeCertificates();
  for (const kind of ["ws", "wss"] as const) {
    const echoing: Promise<void>[] = [];
    const listener: Listener = await listen(address(0, kind), {
      tls: server,
      log: () => {},
      accept: (transport) => void echoing.push(sendBack(transport)),
    });
    const at = listener.address;
    const port = "port" in at ? at.port : 0;
    if (kind === "ws") {
      const socket = new WebSocket(`ws://${HOST}:${port}/any/path`, "mqtt");
      socket.binaryType = "arraybuffer";
      await once(socket, "open");
      strictEqual(socket.protocol, "mqtt");
      socket.send(noise(70_000));
      const [message]: MessageEvent<ArrayBuffer>[] = await once(socket, "message");
      strictEqual((message?.data.byteLength ?? 0) > 0, true);
      const closed = once(socket, "close");
      socket.close();
      await closed;
    } else {
      using transport = await dial(address(port, kind), { tls: { ca, serverName: "localhost" } });
      await writeAll(transport, noise(10));
      strictEqual((await readAll(transport, 10)).toHex(), noise(10).toHex());
    }
    await Promise.all([listener.close(), ...echoing]);
  }
});

async function sendBack(transport: Transport): Promise<void> {
  const buffer = new Uint8Array(100_000);
  for (let size = await transport.read(buffer); size !== null; size = await transport.read(buffer)) {
    await writeAll(transport, buffer.subarray(0, size));
  }
  transport.close();
}

Deno.test("dial() reports the response of a server that is not a broker, and the subprotocol it chose", async () => {
  await using far = await oracle();
  const { answer, transport } = await dialWebSocket(address(far.port), ["chat"]);
  transport.close();
  deepStrictEqual([answer.status, answer.subprotocol], [101, undefined]);
  const http = Deno.serve(
    { hostname: HOST, port: 0, onListen: () => {} },
    () => new Response("", { status: 404 }),
  );
  await rejects(dial(address(http.addr.port)), (error: unknown) => {
    match(String(error), /ws:\/\/127\.0\.0\.1:\d+\/mqtt answered the WebSocket upgrade with 404 Not Found/);
    return true;
  });
  await http.shutdown();
  using silent = Deno.listen({ hostname: HOST, port: 0 });
  const accepted = silent.accept();
  await rejects(dial(address(silent.addr.port), { withinMs: 100 }), {
    message: `127.0.0.1:${silent.addr.port} did not respond to the WebSocket upgrade in time`,
  });
  (await accepted).close();
});
