import assert from "node:assert/strict";
import { MqttLink } from "../link/mqtt_link.ts";
import { makeCertificates } from "../transport/certificates.ts";
import { dial } from "../transport/dial.ts";
import { ScriptedBroker } from "./scripted.ts";
import { TestClient } from "./test_client.ts";

/** Accepts the next connection as a conversation. */
async function taken(broker: ScriptedBroker): Promise<MqttLink> {
  const connection = await broker.accept(5000);
  assert.ok(connection);
  return new MqttLink(connection, { version: "3.1.1" });
}

Deno.test("accept() returns each connection in turn, to be driven by the caller", async () => {
  await using broker = ScriptedBroker.listen("127.0.0.1");
  await using first = await TestClient.open(broker.port);
  await using one = await taken(broker);
  await using second = await TestClient.open(broker.port);
  await using two = await taken(broker);
  await one.send({ type: "CONNACK", reason: 0 });
  await two.send({ type: "CONNACK", reason: 5 });
  assert.deepEqual([await first.next(), await second.next()], ["CONNACK 0", "CONNACK 5"]);
  await second.send({ type: "PINGREQ" });
  const arrival = await two.receive(5000);
  assert.ok(arrival?.kind === "packet" && arrival.packet.type === "PINGREQ");
});

Deno.test("accept() returns undefined if none arrives in time, if the signal aborts, and if the broker closes", async () => {
  await using broker = ScriptedBroker.listen("127.0.0.1");
  assert.equal(await broker.accept(0), undefined);
  assert.equal(await broker.accept(10), undefined);
  const controller = new AbortController();
  const aborted = broker.accept(60_000, controller.signal);
  controller.abort();
  assert.equal(await aborted, undefined);
  const closed = broker.accept(60_000);
  await broker.close();
  assert.equal(await closed, undefined);
});

Deno.test("accept() returns a connection that arrives while it waits", async () => {
  await using broker = ScriptedBroker.listen("127.0.0.1");
  const waiting = taken(broker);
  await using _client = await TestClient.open(broker.port);
  await using _link = await waiting;
});

Deno.test("close() ends connections that were not accepted", async () => {
  const broker = ScriptedBroker.listen("127.0.0.1");
  await using _before = await TestClient.open(broker.port);
  await using _link = await taken(broker);
  await using client = await TestClient.open(broker.port);
  await broker.close();
  assert.equal(await client.untilClosed(), "");
});

for (const kind of ["mqtt", "mqtts", "ws", "wss"] as const) {
  Deno.test(`a scripted broker over ${kind} passes on connections, and closes with one that nobody accepted`, async () => {
    const { ca, server } = await makeCertificates();
    const broker = await ScriptedBroker.over({ kind, tls: server }, "127.0.0.1");
    const address = { kind, host: "127.0.0.1", port: broker.port, path: "/mqtt" };
    const first = await dial(address, { tls: { ca } });
    await using client = new MqttLink(first, { version: "3.1.1" });
    await using link = await taken(broker);
    await client.send({ type: "CONNECT", clientId: "c" });
    const connect = await link.receive(5_000);
    assert.ok(connect?.kind === "packet" && connect.packet.type === "CONNECT");
    await link.send({ type: "CONNACK" });
    const connack = await client.receive(5_000);
    assert.ok(connack?.kind === "packet" && connack.packet.type === "CONNACK");
    using second = await dial(address, { tls: { ca } });
    const ended = second.read(new Uint8Array(10)).catch(() => null);
    await broker.close();
    await ended;
  });
}
