import assert from "node:assert/strict";
import { makeCertificates } from "../../transport/certificates.ts";
import { listen as listenAny } from "../../transport/listen.ts";
import type { Transport } from "../../transport/transport.ts";
import { Attempt, dial } from "./dial.ts";

const attempt = new Attempt();

function listen() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const place = { address: { kind: "mqtt" as const, host: "127.0.0.1", port: listener.addr.port } };
  return { listener, place };
}

Deno.test("a connection comes from the requested address, and carries bytes both ways", async () => {
  const { listener, place } = listen();
  using _ = listener;
  for (const from of [undefined, "127.0.0.2"]) {
    const [{ transport, tlsMs }, accepted] = await Promise.all([
      dial(place, from, attempt),
      listener.accept(),
    ]);
    using connection = accepted;
    using near = transport;
    assert.equal(connection.remoteAddr.hostname, from ?? "127.0.0.1");
    assert.equal(tlsMs, undefined);
    const bytes = new Uint8Array(4);
    await near.write(Uint8Array.of(1, 2, 3));
    assert.equal(await connection.read(bytes), 3);
    await connection.write(Uint8Array.of(9));
    assert.equal(await near.read(bytes), 1);
    assert.equal(bytes[0], 9);
    connection.closeWrite();
    assert.equal(await near.read(bytes), null, "the end of the stream");
  }
});

Deno.test("a read into a small buffer leaves the rest for the next one", async () => {
  const { listener, place } = listen();
  using _ = listener;
  const [{ transport }, connection] = await Promise.all([
    dial(place, "127.0.0.2", attempt),
    listener.accept(),
  ]);
  using near = transport;
  using far = connection;
  await far.write(Uint8Array.of(1, 2, 3));
  const bytes = new Uint8Array(2);
  const read: number[] = [];
  while (read.length < 3) {
    const size = await near.read(bytes);
    read.push(...bytes.subarray(0, size ?? 0));
  }
  assert.deepEqual(read, [1, 2, 3]);
});

Deno.test("an attempt that is given up is rejected, and leaves no connection", async () => {
  const { listener, place } = listen();
  using _ = listener;
  const given = new Attempt();
  given.giveUp();
  const [result, connection] = await Promise.allSettled([dial(place, undefined, given), listener.accept()]);
  assert.equal(result.status, "rejected");
  if (connection.status === "fulfilled") connection.value.close();
});

Deno.test("the TLS handshake is timed separately, with Deno's own TLS and with a client certificate", async () => {
  const { ca, server, client } = await makeCertificates();
  using accepted = new DisposableStack();
  const accept = (transport: Transport) => void accepted.use(transport);
  const listener = await listenAny({ kind: "mqtts", host: "127.0.0.1", port: 0 }, {
    tls: { ...server, clientCa: ca },
    accept,
    log: () => {},
  });
  const { address } = listener;
  assert.equal(address.kind, "mqtts");
  for (const tls of [{ ca, ...client }, { ca, ...client, versions: ["1.2"] as const }]) {
    const { transport, tlsMs } = await dial({ address, tls }, undefined, attempt);
    using _ = transport;
    assert.ok(tlsMs !== undefined && tlsMs > 0, `${tlsMs}`);
  }
  await listener.close();
  const open = await listenAny({ kind: "mqtts", host: "127.0.0.1", port: 0 }, {
    tls: server,
    accept,
    log: () => {},
  });
  for (const tls of [{ ca }, { insecure: true }]) {
    const { transport, tlsMs } = await dial({ address: open.address, tls }, undefined, attempt);
    using _ = transport;
    assert.ok(tlsMs !== undefined && tlsMs > 0, `${tlsMs}`);
  }
  await open.close();
});

Deno.test("a source address requires plain TCP", async () => {
  const address = { kind: "mqtts" as const, host: "127.0.0.1", port: 1 };
  await assert.rejects(dial({ address }, "127.0.0.2", attempt), /--from requires mqtt:\/\/$/);
});
