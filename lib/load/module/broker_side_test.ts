import assert from "node:assert/strict";
import { ScriptedBroker } from "../../broker/scripted.ts";
import { MqttLink } from "../../link/mqtt_link.ts";
import type { Draft, Packet } from "../../mqtt/packet.ts";
import { dial } from "../../transport/dial.ts";
import { BrokerSide } from "./broker_side.ts";

/** A broker's side and a module that is connected to it. */
class Bench implements AsyncDisposable {
  readonly events: string[] = [];
  readonly side: BrokerSide;
  readonly #listener = ScriptedBroker.listen("127.0.0.1");
  #module: MqttLink | undefined;

  private constructor() {
    const { signal } = new AbortController();
    this.side = new BrokerSide({
      listener: this.#listener,
      seen: () => {},
      published: ({ topic }, repeated) => this.events.push(`published ${topic}${repeated ? " again" : ""}`),
      acknowledged: (id) => this.events.push(`acknowledged ${id}`),
      broken: (text) => this.events.push(`broken: ${text}`),
      ended: (lost) => this.events.push(lost ? "lost" : "ended"),
      signal,
    });
  }

  static async start(): Promise<Bench> {
    const bench = new Bench();
    await bench.reconnect();
    return bench;
  }

  /** Connects the module, and waits for its CONNACK. */
  async reconnect(): Promise<void> {
    const address = { kind: "mqtt" as const, host: "127.0.0.1", port: this.#listener.port };
    const [transport] = await Promise.all([dial(address, { withinMs: 5_000 }), this.side.accept(5_000)]);
    this.#module = new MqttLink(transport, { version: "3.1.1" });
    assert.equal((await this.ask({ type: "CONNECT", clientId: "m" }))?.type, "CONNACK");
  }

  get module(): MqttLink {
    assert.ok(this.#module);
    return this.#module;
  }

  /** Sends a packet, and returns the next one that arrives. */
  async ask(draft: Draft): Promise<Packet | undefined> {
    await this.module.send(draft);
    return await this.next();
  }

  async next(): Promise<Packet | undefined> {
    const arrival = await this.module.receive(5_000);
    return arrival?.kind === "packet" ? arrival.packet : undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#module?.[Symbol.asyncDispose]();
    await this.side[Symbol.asyncDispose]();
    await this.#listener[Symbol.asyncDispose]();
  }
}

Deno.test("a broker's side answers each request of the module", async () => {
  await using bench = await Bench.start();
  const subscriptions = [{ filter: "a", qos: 2 as const }];
  const suback = await bench.ask({ type: "SUBSCRIBE", packetId: 1, subscriptions });
  assert.ok(suback?.type === "SUBACK");
  assert.deepEqual(suback.reasons, [2]);
  const payload = new Uint8Array();
  assert.equal(
    (await bench.ask({ type: "PUBLISH", topic: "x", qos: 1, packetId: 2, payload }))?.type,
    "PUBACK",
  );
  assert.equal((await bench.ask({ type: "PINGREQ" }))?.type, "PINGRESP");
  assert.equal((await bench.ask({ type: "UNSUBSCRIBE", packetId: 3, filters: ["a"] }))?.type, "UNSUBACK");
  assert.deepEqual(bench.events, ["published x"]);
});

Deno.test("a QoS 2 message that is sent again before PUBREL is the same one", async () => {
  await using bench = await Bench.start();
  const publish = { type: "PUBLISH", topic: "x", qos: 2, packetId: 9, payload: new Uint8Array() } as const;
  assert.equal((await bench.ask(publish))?.type, "PUBREC");
  assert.equal((await bench.ask({ ...publish, dup: true }))?.type, "PUBREC");
  assert.equal((await bench.ask({ type: "PUBREL", packetId: 9 }))?.type, "PUBCOMP");
  assert.equal((await bench.ask(publish))?.type, "PUBREC");
  assert.deepEqual(bench.events, ["published x", "published x again", "published x"]);
});

Deno.test("deliver() sends a message, whose last answer is reported", async () => {
  await using bench = await Bench.start();
  bench.side.deliver("d/2", "hello", 2, 5);
  const packet = await bench.next();
  assert.ok(packet?.type === "PUBLISH");
  assert.deepEqual([packet.topic, packet.qos, packet.packetId], ["d/2", 2, 5]);
  assert.equal((await bench.ask({ type: "PUBREC", packetId: 5 }))?.type, "PUBREL");
  await bench.module.send({ type: "PUBCOMP", packetId: 5 });
  assert.equal(await bench.side.came("PUBCOMP", 5_000), true);
  assert.deepEqual(bench.events, ["acknowledged 5"]);
});

Deno.test("a connection that ends without DISCONNECT is lost, and the next one is a new one", async () => {
  await using bench = await Bench.start();
  await bench.module.send({ type: "DISCONNECT" });
  assert.equal(await bench.side.came("DISCONNECT", 5_000), true);
  await bench.module[Symbol.asyncDispose]();
  await bench.reconnect();
  assert.equal(await bench.side.came("DISCONNECT", 1), false, "that was the connection before");
  assert.equal(bench.side.connected, true);
  await bench.module[Symbol.asyncDispose]();
  await bench.reconnect();
  assert.deepEqual(bench.events, ["ended", "lost"]);
});

Deno.test("packets that only a broker sends are broken", async () => {
  await using bench = await Bench.start();
  await bench.module.send({ type: "PINGRESP" });
  assert.equal(await bench.side.came("PINGRESP", 5_000), true);
  assert.deepEqual(bench.events, ["broken: The module sent PINGRESP, which only a broker sends"]);
});
