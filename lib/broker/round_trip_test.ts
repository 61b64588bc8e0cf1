import assert from "node:assert/strict";
import type { BrokerAddress } from "../transport/address.ts";
import { makeCertificates } from "../transport/certificates.ts";
import { dial } from "../transport/dial.ts";
import { Broker } from "./broker.ts";
import { connectPacket, TestClient } from "./test_client.ts";

const HOST = "127.0.0.1";
const KINDS: readonly BrokerAddress[] = [
  { kind: "mqtts", host: HOST, port: 0 },
  { kind: "ws", host: HOST, port: 0, path: "/mqtt" },
  { kind: "wss", host: HOST, port: 0, path: "/mqtt" },
];

Deno.test("a round trip delays both directions over TCP, TLS and WebSocket, and the close comes last", async (t) => {
  const { ca, server } = await makeCertificates();
  await using broker = await Broker.start({ also: KINDS, tls: server, roundTripMs: 60 });
  for (const address of broker.addresses) {
    await t.step(address.kind, async () => {
      await using client = TestClient.over(await dial(address, { tls: { ca } }));
      await client.send(connectPacket("3.1.1", { clientId: address.kind }));
      // Half a round trip there and half back: the answer can't have arrived yet.
      assert.equal(await client.next(30), "nothing");
      assert.equal(await client.next(), "CONNACK 0");
      // A packet that only servers send ends the connection; the answer before it still arrives.
      await client.send({ type: "PINGREQ" }, { type: "PINGRESP" });
      assert.equal(await client.untilClosed(), "PINGRESP");
    });
  }
});

Deno.test("a broker with a round trip stops with clients connected, and delivers its last packets", async () => {
  const broker = await Broker.start({ roundTripMs: 100 });
  await using client = await TestClient.connect(broker.address.port, "a", {}, "5.0");
  await broker.stop();
  assert.equal(await client.untilClosed(), "DISCONNECT 0x8b");
});
