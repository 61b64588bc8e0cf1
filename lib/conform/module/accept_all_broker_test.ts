import assert from "node:assert/strict";
import { ScriptedBroker } from "../../broker/scripted.ts";
import { connectPacket, TestClient } from "../../broker/test_client.ts";
import { AcceptAllBroker } from "./accept_all_broker.ts";

Deno.test("every CONNECT is accepted and every PINGREQ answered, and nothing else", async () => {
  await using listener = ScriptedBroker.listen("127.0.0.1");
  await using _broker = new AcceptAllBroker(listener);
  await using client = await TestClient.connect(listener.port, "any", { userName: "u", password: "wrong" });
  assert.equal(client.connack, "CONNACK 0");
  await client.send(
    { type: "SUBSCRIBE", packetId: 7, subscriptions: [{ filter: "a", qos: 0 }] },
    { type: "PUBLISH", topic: "a", qos: 1, packetId: 8 },
    { type: "PINGREQ" },
  );
  assert.equal(await client.next(), "PINGRESP");
});

Deno.test("packets before CONNECT are not answered, so CONNACK comes first", async () => {
  await using listener = ScriptedBroker.listen("127.0.0.1");
  await using _broker = new AcceptAllBroker(listener);
  await using client = await TestClient.open(listener.port);
  await client.send({ type: "PINGREQ" }, connectPacket("3.1.1", { clientId: "hasty" }));
  assert.match(await client.next(), /^CONNACK/);
});

Deno.test("a client of 5.0 is answered in its version", async () => {
  await using listener = ScriptedBroker.listen("127.0.0.1");
  await using _broker = new AcceptAllBroker(listener);
  await using client = await TestClient.open(listener.port, "5.0");
  await client.send(connectPacket("5.0", { clientId: "five" }));
  assert.equal(await client.hex(), "2003000000");
});

Deno.test("sixteen connections are held, one more is closed, and one that leaves makes room", async () => {
  await using listener = ScriptedBroker.listen("127.0.0.1");
  await using _broker = new AcceptAllBroker(listener);
  await using stack = new AsyncDisposableStack();
  const connect = async (id: string) => stack.use(await TestClient.connect(listener.port, id));
  const clients: TestClient[] = [];
  for (let at = 0; at < 16; at++) clients.push(await connect(`c${at}`));
  assert.deepEqual([...new Set(clients.map(({ connack }) => connack))], ["CONNACK 0"]);
  assert.equal((await connect("one-more")).connack, "closed");
  clients[0]?.drop();
  // The broker notices the close some time after the client.
  for (;;) if ((await connect("next")).connack === "CONNACK 0") break;
});

Deno.test("its end closes its connections and leaves the listener to its owner", async () => {
  await using listener = ScriptedBroker.listen("127.0.0.1");
  const broker = new AcceptAllBroker(listener);
  await using client = await TestClient.connect(listener.port, "any");
  await broker[Symbol.asyncDispose]();
  assert.equal(await client.next(), "closed");
  await using later = await TestClient.open(listener.port);
  const taken = await listener.accept(5_000);
  assert.ok(taken);
  taken.close();
  assert.equal(await later.next(), "closed");
});
