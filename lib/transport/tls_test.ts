import { match, rejects, strictEqual } from "node:assert/strict";
import { makeCertificates, type TestCertificates } from "./certificates.ts";
import { TransportError, type TransportFault } from "./error.ts";
import { listen, type ServerTls } from "./listen.ts";
import { noise, readAll } from "./test_bytes.ts";
import { connectTls, type TlsOptions, TlsTransport } from "./tls.ts";
import { type Transport, writeAll } from "./transport.ts";

const made: TestCertificates = await makeCertificates();
const HOST = "127.0.0.1";

/** A server that echoes what it receives, until it is disposed of. */
async function echo(tls: Partial<ServerTls> = {}, hostname = HOST) {
  const open = new Set<Transport>();
  const echoing = new Set<Promise<void>>();
  const listener = await listen({ kind: "mqtts", host: hostname, port: 0 }, {
    tls: { ...made.server, ...tls },
    log: () => {},
    accept(transport) {
      open.add(transport);
      echoing.add(sendBack(transport));
    },
  });
  const { address } = listener;
  return {
    port: "port" in address ? address.port : 0,
    ended: () => Promise.allSettled([...echoing]),
    async [Symbol.asyncDispose]() {
      for (const transport of open) transport.close();
      await Promise.all([listener.close(), ...echoing]);
    },
  };
}

async function sendBack(transport: Transport): Promise<void> {
  const buffer = new Uint8Array(4096);
  try {
    for (let size = await transport.read(buffer); size !== null; size = await transport.read(buffer)) {
      await writeAll(transport, buffer.subarray(0, size));
    }
  } catch {
    // A client that was reset has disconnected.
  }
  transport.close();
}

async function refusal(port: number, tls: TlsOptions): Promise<TransportError> {
  try {
    const transport = await connectTls(HOST, port, tls, { withinMs: 5_000 });
    // In TLS 1.3 a client may send before the server has checked its certificate.
    await writeAll(transport, Uint8Array.of(1));
    await transport.read(new Uint8Array(1)).finally(() => transport.close());
  } catch (error) {
    if (error instanceof TransportError) return error;
    throw error;
  }
  throw new Error("the connection was made");
}

Deno.test("connectTls() carries bytes both ways, in each version that is chosen", async () => {
  await using server = await echo();
  for (const version of ["1.2", "1.3"] as const) {
    using transport = await connectTls(HOST, server.port, { ca: made.ca, versions: [version] });
    strictEqual(transport instanceof TlsTransport && transport.version, `TLSv${version}`);
    const bytes = noise(100_000);
    const [back] = await Promise.all([readAll(transport, bytes.length), writeAll(transport, bytes)]);
    strictEqual(back.toHex(), bytes.toHex());
  }
});

Deno.test("connectTls() presents a client certificate, and sends the server's name", async () => {
  await using server = await echo({ clientCa: made.ca });
  const { certificate, key } = made.client;
  using transport = await connectTls(HOST, server.port, {
    ca: made.ca,
    certificate,
    key,
    serverName: "localhost",
  });
  await writeAll(transport, Uint8Array.of(7));
  strictEqual((await readAll(transport, 1))[0], 7);
});

Deno.test("connectTls() says in a sentence why a connection is not to be trusted, or not taken", async () => {
  await using plain = await echo();
  await using strict = await echo({ clientCa: made.ca });
  await using old = await echo({ versions: ["1.2"] });
  const expired = await makeCertificates(["127.0.0.1"], -60_000);
  await using stale = await echo(expired.server);
  const other = await makeCertificates();
  const cases: readonly (readonly [number, TlsOptions, TransportFault, RegExp])[] = [
    [
      plain.port,
      {},
      "untrusted",
      /its signer is not trusted here, .*; name its authority with --ca FILE or .* with --insecure$/,
    ],
    [plain.port, { ca: other.ca }, "untrusted", /its signer is not trusted/],
    [
      plain.port,
      { ca: made.ca, serverName: "other.example" },
      "untrusted",
      /^The certificate of 127\.0\.0\.1:\d+ is for .*localhost.*, not for "other\.example"; give tls/,
    ],
    [
      strict.port,
      { ca: made.ca },
      "denied",
      /requires a client certificate; give tls: \{ certificate, key \} in a target file$/,
    ],
    [old.port, { ca: made.ca, versions: ["1.3"] }, "failed", /supports none of the chosen TLS versions$/],
    [stale.port, { ca: expired.ca }, "untrusted", /not valid today/],
  ];
  for (const [port, tls, fault, sentence] of cases) {
    const error = await refusal(port, tls);
    match(error.message, sentence);
    strictEqual(error.fault, fault, error.message);
  }
});

Deno.test("connectTls() gives up on a port that does not respond, and on one that does not speak TLS", async () => {
  using silent = Deno.listen({ hostname: HOST, port: 0 });
  const accepted = silent.accept();
  await rejects(connectTls(HOST, silent.addr.port, {}, { withinMs: 100 }), {
    message: `No TLS handshake with 127.0.0.1:${silent.addr.port} within 0.1 s; check that it is a TLS port`,
  });
  (await accepted).close();
  using closed = Deno.listen({ hostname: HOST, port: 0 });
  const { port } = closed.addr;
  const answered = closed.accept().then(async (connection) => {
    await connection.write(new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n"));
    return connection;
  });
  await rejects(connectTls(HOST, port, {}), (error: unknown) => {
    match(error instanceof TransportError ? error.message : "", /TLS|wss/);
    return true;
  });
  (await answered).close();
});

Deno.test({
  name: "a TLS connection can be ended by a reset",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const { certificate: cert, key } = made.server;
    // Deno's own listener, because node:tls reports a reset like any other close.
    using listener = Deno.listenTls({ hostname: HOST, port: 0, cert, key });
    const [client, far] = await Promise.all([
      connectTls(HOST, listener.addr.port, { ca: made.ca }),
      listener.accept().then(async (connection) => {
        await connection.handshake();
        return connection;
      }),
    ]);
    client.reset?.();
    await rejects(far.read(new Uint8Array(1)), Deno.errors.ConnectionReset);
    far.close();
  },
});
