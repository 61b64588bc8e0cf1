import { deepEqual, equal } from "node:assert/strict";
import { MqttLink } from "../../link/mqtt_link.ts";
import type { Draft } from "../../mqtt/packet.ts";
import { Adapter } from "../adapter.ts";
import type { Request } from "../protocol.ts";
import { virtualAdapter } from "./adapter.ts";

type ConnackDraft = Omit<Extract<Draft, { type: "CONNACK" }>, "type">;

const NEVER = new AbortController().signal;

/** A broker's end of the virtual client's connection, and the adapter of the client. */
async function online(
  defects: readonly string[] = [],
  protocol: "3.1.1" | "5.0" = "3.1.1",
  connack: ConnackDraft = {},
) {
  await using stack = new AsyncDisposableStack();
  const listener = stack.use(Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const adapter = await Adapter.begin(virtualAdapter("virtual", { defects }));
  stack.defer(() => adapter.end());
  const connect: Request = {
    do: "connect",
    client: "a",
    server: "127.0.0.1",
    port: listener.addr.port,
    protocol,
    clientId: "a",
    cleanStart: true,
    keepAlive: 60,
    ...(protocol === "5.0" ? { properties: { topicAliasMaximum: 2 } } : {}),
  };
  await adapter.ask(connect);
  const link = stack.use(new MqttLink(await listener.accept(), { version: protocol }));
  await packet(link, "CONNECT");
  await link.send({ type: "CONNACK", ...connack });
  equal((await adapter.next(2_000, NEVER))?.on, "connected");
  const owned = stack.move();
  return { adapter, link, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function packet(link: MqttLink, type: string) {
  const arrival = await link.receive(2_000);
  const came = arrival?.kind === "packet" ? arrival.packet : undefined;
  equal(came?.type, type);
  return came;
}

const PUBLISH: Request = { do: "publish", client: "a", topic: "t", payload: "p", qos: 1, retain: false };

Deno.test("the virtual client publishes, and tells when its message is delivered", async () => {
  await using bench = await online();
  const reply = await bench.adapter.ask(PUBLISH);
  const came = await packet(bench.link, "PUBLISH");
  const packetId = came?.type === "PUBLISH" ? came.packetId : undefined;
  deepEqual(reply, { id: 2, ok: true, token: packetId });
  await bench.link.send({ type: "PUBACK", packetId });
  equal((await bench.adapter.next(2_000, NEVER))?.on, "published");
});

Deno.test("the virtual client refuses what must not be sent, unless it has the defect", async () => {
  await using right = await online();
  const wildcard = { ...PUBLISH, topic: "a/#" };
  deepEqual(await right.adapter.ask(wildcard), { id: 2, refused: "a topic name holds a wildcard" });
  await using wrong = await online(["wildcard-published"]);
  equal("ok" in await wrong.adapter.ask(wildcard), true);
  await packet(wrong.link, "PUBLISH");
});

Deno.test("the virtual client tells a lost connection once, and nothing after a reset", async () => {
  await using bench = await online();
  await bench.link[Symbol.asyncDispose]();
  equal((await bench.adapter.next(2_000, NEVER))?.on, "lost");
  await bench.adapter.reset();
  equal(await bench.adapter.next(0, NEVER), undefined);
});

Deno.test("the virtual client keeps what a broker of 5.0 announces, unless it has the defect", async () => {
  const connack = { properties: [{ name: "maximumQoS", value: 0 }] };
  await using right = await online([], "5.0", connack);
  deepEqual(await right.adapter.ask(PUBLISH), { id: 2, refused: "the Maximum QoS of the broker" });
  await using wrong = await online(["maximum-qos-ignored"], "5.0", connack);
  equal("ok" in await wrong.adapter.ask(PUBLISH), true);
});

Deno.test("the virtual client resolves the aliases of the broker, and says why it ends the connection at a wrong one", async () => {
  await using bench = await online([], "5.0");
  const alias = (value: number) => [{ name: "topicAlias", value }];
  await bench.link.send({ type: "PUBLISH", topic: "a", payload: "1", properties: alias(2) });
  await bench.link.send({ type: "PUBLISH", topic: "", payload: "2", properties: alias(2) });
  await bench.adapter.next(2_000, NEVER);
  equal((await bench.adapter.next(2_000, NEVER))?.topic, "a");
  await bench.link.send({ type: "PUBLISH", topic: "a", payload: "3", properties: alias(3) });
  const goodbye = await packet(bench.link, "DISCONNECT");
  equal(goodbye?.type === "DISCONNECT" && goodbye.reason, 0x94);
});
