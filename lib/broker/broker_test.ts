import assert from "node:assert/strict";
import type { ProtocolVersion } from "../mqtt/packet.ts";
import { Broker } from "./broker.ts";
import { connectPacket, TestClient } from "./test_client.ts";

const CLIENT_VERSIONS: readonly ProtocolVersion[] = ["3.1", "3.1.1", "5.0"];

Deno.test("start() listens on a free port, and stop() closes all connections", async () => {
  const broker = await Broker.start();
  await using client = await TestClient.connect(broker.address.port, "a");
  assert.equal(client.connack, "CONNACK 0");
  await broker.stop();
  assert.equal(await client.next(), "closed");
  await assert.rejects(Deno.connect({ hostname: "127.0.0.1", port: broker.address.port }));
});

Deno.test("stop() sends a 5.0 client DISCONNECT with the reason that the server shuts down", async () => {
  const broker = await Broker.start();
  await using client = await TestClient.connect(broker.address.port, "a", {}, "5.0");
  await broker.stop();
  assert.equal(await client.untilClosed(), "DISCONNECT 0x8b");
});

for (const version of CLIENT_VERSIONS) {
  Deno.test(`${version}: the broker closes without CONNACK on a wrong protocol name`, async () => {
    await using broker = await Broker.start();
    await using client = await TestClient.open(broker.address.port, version);
    await client.send(connectPacket(version, { clientId: "a", protocolName: "MQTX" }));
    assert.equal(await client.untilClosed(), "");
  });

  Deno.test(`${version}: the broker closes when the first packet is not a CONNECT`, async () => {
    await using broker = await Broker.start();
    await using client = await TestClient.open(broker.address.port, version);
    await client.send({ type: "PINGREQ" });
    assert.equal(await client.untilClosed(), "");
  });

  Deno.test(`${version}: a second CONNECT ends the connection`, async () => {
    await using broker = await Broker.start();
    await using client = await TestClient.connect(broker.address.port, "a", {}, version);
    await client.send(connectPacket(version, { clientId: "a" }));
    assert.equal(await client.untilClosed(), version === "5.0" ? "DISCONNECT 0x82" : "");
  });

  Deno.test(`${version}: a malformed packet ends the connection and publishes the will`, async () => {
    await using broker = await Broker.start();
    const { port } = broker.address;
    await using watcher = await TestClient.connect(port, "watcher", {}, version);
    await watcher.subscribe("will");
    const will = { topic: "will", payload: "gone" };
    await using client = await TestClient.connect(port, "a", { will }, version);
    await client.sendBytes(Uint8Array.of(0x82, 0x00));
    assert.equal(await client.untilClosed(), version === "5.0" ? "DISCONNECT 0x81" : "");
    assert.equal(await watcher.next(), 'PUBLISH q0 "will" "gone"');
  });
}

Deno.test("an unsupported protocol level gets CONNACK 1 and a close", async () => {
  await using broker = await Broker.start();
  await using client = await TestClient.connect(broker.address.port, "a", { protocolLevel: 9 });
  assert.equal(client.connack, "CONNACK 1");
  assert.equal(await client.untilClosed(), "");
});

Deno.test("client ids: 3.1 accepts 1 to 23 characters, 3.1.1 an empty one only with a clean session", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  const answers: string[] = [];
  const tries: readonly (readonly [ProtocolVersion, string, boolean])[] = [
    ["3.1", "", true],
    ["3.1", "a".repeat(23), true],
    ["3.1", "a".repeat(24), true],
    ["3.1.1", "", true],
    ["3.1.1", "", false],
    ["3.1.1", "a".repeat(1000), false],
  ];
  for (const [version, clientId, cleanStart] of tries) {
    await using client = await TestClient.connect(port, clientId, { cleanStart }, version);
    answers.push(client.connack);
  }
  assert.deepEqual(answers, ["CONNACK 2", "CONNACK 0", "CONNACK 2", "CONNACK 0", "CONNACK 2", "CONNACK 0"]);
});

Deno.test("a new connection takes over its client id; the older one is closed and its will published", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  await using watcher = await TestClient.connect(port, "watcher");
  await watcher.subscribe("will", 1);
  await using older = await TestClient.connect(port, "same", {
    will: { topic: "will", payload: "older", qos: 1 },
  });
  await using newer = await TestClient.connect(port, "same", {}, "5.0");
  assert.equal(await older.untilClosed(), "");
  assert.equal(await watcher.next(), 'PUBLISH q1 id=1 "will" "older"');
  await using newest = await TestClient.connect(port, "same");
  assert.equal(await newer.untilClosed(), "DISCONNECT 0x8e");
  assert.equal(newest.connack, "CONNACK 0");
});

Deno.test("a client that is silent for one and a half times its keep alive is dropped, one that pings is not", async () => {
  await using broker = await Broker.start();
  await using silent = await TestClient.connect(broker.address.port, "silent", { keepAlive: 1 }, "5.0");
  await using lively = await TestClient.connect(broker.address.port, "lively", { keepAlive: 1 });
  const pings = setInterval(() => lively.send({ type: "PINGREQ" }), 300);
  try {
    assert.equal(await silent.untilClosed(), "DISCONNECT 0x8d");
  } finally {
    clearInterval(pings);
  }
  assert.match(await lively.leave(), /^PINGRESP(, PINGRESP)+$/);
});

Deno.test("a connection without CONNECT is closed in time", async () => {
  await using broker = await Broker.start({ connectWithinMs: 50 });
  await using client = await TestClient.open(broker.address.port);
  assert.equal(await client.untilClosed(), "");
});

Deno.test("the will is published when the connection breaks, not after DISCONNECT, and is retained on request", async () => {
  await using broker = await Broker.start();
  const { port } = broker.address;
  await using watcher = await TestClient.connect(port, "watcher");
  await watcher.subscribe("will/#", 2);
  const will = (topic: string) => ({ topic, payload: "gone", qos: 2, retain: true } as const);
  await using polite = await TestClient.connect(port, "polite", { will: will("will/polite") });
  await polite.leave();
  await using dropped = await TestClient.connect(port, "dropped", { will: will("will/dropped") });
  dropped.drop();
  assert.equal(await watcher.next(), 'PUBLISH q2 id=1 "will/dropped" "gone"');
  await using later = await TestClient.connect(port, "later");
  await later.subscribe("will/#");
  assert.equal(await later.leave(), 'PUBLISH q0 retain "will/dropped" "gone"');
});

Deno.test("a packet over the limit ends the connection", async () => {
  await using broker = await Broker.start({ maximumPacketSize: 1000 });
  await using client = await TestClient.connect(broker.address.port, "a", {}, "5.0");
  await client.send({ type: "PUBLISH", topic: "a", payload: "x".repeat(1000) });
  assert.equal(await client.untilClosed(), "DISCONNECT 0x95");
});

Deno.test("a connection above the allowed number is closed", async () => {
  await using broker = await Broker.start({ maximumConnections: 1 });
  await using first = await TestClient.connect(broker.address.port, "a");
  await using second = await TestClient.connect(broker.address.port, "b");
  assert.deepEqual([first.connack, second.connack], ["CONNACK 0", "closed"]);
});

Deno.test("a client that does not read does not delay other clients", async () => {
  await using broker = await Broker.start({ limits: { queuedMessages: 10 } });
  const { port } = broker.address;
  await using _idle = await Deno.connect({ hostname: "127.0.0.1", port }).then(idleSubscriber);
  await using busy = await TestClient.connect(port, "busy");
  const payload = "x".repeat(256 * 1024);
  for (let sent = 0; sent < 60; sent++) assert.equal(await busy.publish("load", payload), "PINGRESP");
  assert.equal(await busy.leave(), "");
});

/** A client that subscribes to "load" and never reads. */
async function idleSubscriber(conn: Deno.TcpConn): Promise<AsyncDisposable> {
  await conn.write(Uint8Array.from([
    ...[
      0x10,
      0x10,
      0x00,
      0x04,
      0x4d,
      0x51,
      0x54,
      0x54,
      0x04,
      0x02,
      0x00,
      0x00,
      0x00,
      0x04,
      0x69,
      0x64,
      0x6c,
      0x65,
    ],
    ...[0x82, 0x09, 0x00, 0x01, 0x00, 0x04, 0x6c, 0x6f, 0x61, 0x64, 0x00],
  ]));
  await conn.read(new Uint8Array(9));
  return { [Symbol.asyncDispose]: () => Promise.resolve(conn.close()) };
}

Deno.test("a hundred brokers in one process start, serve and stop", async () => {
  await Promise.all(Array.from({ length: 100 }, async () => {
    await using broker = await Broker.start();
    await using client = await TestClient.connect(broker.address.port, "a");
    assert.equal(await client.leave(), "");
  }));
});
