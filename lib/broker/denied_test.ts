import assert from "node:assert/strict";
import type { Draft } from "../mqtt/packet.ts";
import { Broker } from "./broker.ts";
import { TestClient } from "./test_client.ts";

const deny = { publish: ["no-write/#"], subscribe: ["no-read/#"] };

const subscribe = (...filters: readonly string[]): Draft => ({
  type: "SUBSCRIBE",
  packetId: 1,
  subscriptions: filters.map((filter) => ({ filter, qos: 1 })),
});

/** Retains a message at "no-read/a"; returns what a client gets that subscribes to it, and then to "t". */
async function subscribes(defects: readonly string[] = []): Promise<string> {
  await using broker = await Broker.start({ deny, defects });
  await using client = await TestClient.connect(broker.address.port, "a", {}, "5.0");
  const at = (topic: string, payload: string, retain = false): Draft => ({
    type: "PUBLISH",
    topic,
    payload,
    retain,
  });
  await client.send(at("no-read/a", "kept", true), subscribe("no-read/a", "t"));
  await client.send(at("no-read/a", "live"), at("t", "p"));
  return await client.leave();
}

/** Returns what a client gets of a message at "no-write/a", live and retained. */
async function publishes(defects: readonly string[] = []): Promise<string> {
  await using broker = await Broker.start({ deny, defects });
  await using client = await TestClient.connect(broker.address.port, "a", {}, "5.0");
  const message: Draft = { type: "PUBLISH", topic: "no-write/a", payload: "p", retain: true };
  await client.send(subscribe("no-write/a"), message, subscribe("no-write/a"));
  return await client.leave();
}

Deno.test("a broker refuses denied subscriptions, and they have no effect", async () => {
  assert.equal(await subscribes(), 'SUBACK id=1 0x87 1, PUBLISH q0 "t" "p"');
  assert.equal(
    await subscribes(["refused-filter-brings-retained"]),
    'PUBLISH q0 retain "no-read/a" "kept", SUBACK id=1 0x87 1, PUBLISH q0 "t" "p"',
  );
  assert.equal(
    await subscribes(["refused-filter-subscribed"]),
    'SUBACK id=1 0x87 1, PUBLISH q0 "no-read/a" "live", PUBLISH q0 "t" "p"',
  );
  assert.equal(await subscribes(["refused-filter-spoils-the-next"]), "SUBACK id=1 0x87 1");
});

Deno.test("a broker treats a shared subscription as one to its inner filter", async () => {
  await using broker = await Broker.start({ deny });
  await using client = await TestClient.connect(broker.address.port, "a", {}, "5.0");
  await client.send(subscribe("$share/g/no-read/a", "$share/g/t"));
  assert.equal(await client.leave(), "SUBACK id=1 0x87 1");
});

Deno.test("a broker acknowledges denied messages, and they have no effect", async () => {
  assert.equal(await publishes(), "SUBACK id=1 1, SUBACK id=1 1");
  assert.equal(
    await publishes(["refused-message-delivered"]),
    'SUBACK id=1 1, PUBLISH q0 "no-write/a" "p", SUBACK id=1 1',
  );
  assert.equal(
    await publishes(["refused-message-retained"]),
    'SUBACK id=1 1, SUBACK id=1 1, PUBLISH q0 retain "no-write/a" "p"',
  );
});

Deno.test("a broker refuses a CONNECT with a will at a denied topic", async () => {
  await using broker = await Broker.start({ deny });
  const will = { topic: "no-write/a", payload: "p", qos: 0, retain: false };
  await using client = await TestClient.connect(broker.address.port, "a", { will }, "5.0");
  assert.equal(client.connack, "CONNACK 0x90");
});
