import assert from "node:assert/strict";
import { ScriptedBroker } from "../../broker/scripted.ts";
import { connectPacket, TestClient } from "../../broker/test_client.ts";
import type { ProtocolVersion } from "../../mqtt/packet.ts";
import { stepsOf } from "../../suite/test_suite.ts";
import { PacketIds } from "../packet_ids.ts";
import { playStep } from "../play.ts";
import { StepFailed, type StepProblem } from "../step_failed.ts";
import { TestCase } from "../test_case.ts";
import { ScriptedParty } from "./scripted_broker.ts";

/** A scripted broker; the test is the module that connects to it. */
class Bench extends TestCase implements AsyncDisposable {
  readonly listener = ScriptedBroker.listen("127.0.0.1");
  readonly party: ScriptedParty;
  readonly #modules: TestClient[] = [];

  constructor({ ownsPings = false, withinMs = 5_000, library = false, oneShot = false } = {}) {
    super({ withinMs });
    const ids = library ? new PacketIds() : undefined;
    this.party = new ScriptedParty(this.context, { listener: this.listener, ownsPings, ids, oneShot });
  }

  /** A connection of the module. */
  async open(version: ProtocolVersion = "3.1.1"): Promise<TestClient> {
    const module = await TestClient.open(this.listener.port, version);
    this.#modules.push(module);
    return module;
  }

  /** A connection on which the module has sent CONNECT and received CONNACK. */
  async connect(): Promise<TestClient> {
    const module = await this.open();
    await module.send(connectPacket("3.1.1", { clientId: "m" }));
    await this.play("broker <- CONNECT", "broker -> CONNACK");
    assert.equal(await module.next(), "CONNACK 0");
    return module;
  }

  /** Plays steps as a suite writes them. */
  async play(...lines: readonly string[]): Promise<void> {
    for (const step of await stepsOf(lines, "at")) {
      await playStep(step, { context: this.context, party: () => this.party });
    }
  }

  /** The problem with which steps fail. */
  async problem(...lines: readonly string[]): Promise<StepProblem> {
    try {
      await this.play(...lines);
    } catch (error) {
      assert.ok(error instanceof StepFailed, String(error));
      return error.problem;
    }
    assert.fail("they went well");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.party[Symbol.asyncDispose]();
    await Promise.all(this.#modules.map((one) => one[Symbol.asyncDispose]()));
    await this.listener.close();
  }
}

Deno.test("the broker takes the module's connection with its first step, and answers on it", async () => {
  await using bench = new Bench();
  const module = await bench.connect();
  await module.send({ type: "SUBSCRIBE", packetId: 7, subscriptions: [{ filter: "a", qos: 1 }] });
  await bench.play(
    "broker <- SUBSCRIBE: { as: got }",
    "broker -> SUBACK: { packetId: $got.packetId, reasons: [1] }",
  );
  assert.equal(await module.next(), "SUBACK id=7 1");
  assert.equal(bench.lines[0], "broker - connection opened by the module");
});

Deno.test("a step that expects a connection accepts one, and reports if none comes", async () => {
  await using bench = new Bench();
  assert.deepEqual(await bench.problem("broker <- opened: { within: 1ms }"), {
    message: "No connection came within 1 ms",
    expected: "a new connection",
    got: "nothing",
    missing: true,
  });
  await bench.open();
  await bench.play("broker <- opened");
  assert.ok(bench.party.connected);
});

Deno.test("a packet for which the module opens no connection is missing", async () => {
  await using bench = new Bench({ withinMs: 2 });
  const none = { message: "The module opened no connection within 2 ms", got: "nothing", missing: true };
  assert.deepEqual(await bench.problem("broker -> CONNACK"), none);
  assert.deepEqual(await bench.problem("broker <- CONNECT"), none);
  assert.deepEqual(await bench.problem("drop: broker"), none);
});

Deno.test("packets are written in the version that the module's CONNECT names", async () => {
  await using bench = new Bench();
  const module = await bench.open("5.0");
  await module.send(connectPacket("5.0", { clientId: "m" }));
  await bench.play("broker <- CONNECT: { protocolLevel: 5 }", "broker -> CONNACK");
  assert.equal(await module.hex(), "2003000000");
});

Deno.test("a PINGREQ in the middle of a packet of the case is answered after that packet", async () => {
  await using bench = new Bench();
  const module = await bench.connect();
  await bench.play('broker -> raw: { hex: "20" }');
  await module.send({ type: "PINGREQ" }, { type: "PINGREQ" }, { type: "DISCONNECT" });
  await bench.play("broker <- DISCONNECT", 'broker -> raw: { hex: "020000" }');
  assert.deepEqual([await module.next(), await module.next(), await module.next()], [
    "CONNACK 0",
    "PINGRESP",
    "PINGRESP",
  ]);
});

Deno.test("a PINGREQ is answered and hidden, unless the case is about it", async () => {
  await using bench = new Bench();
  const module = await bench.connect();
  await module.send({ type: "PINGREQ" }, { type: "DISCONNECT" });
  await bench.play("broker <- DISCONNECT");
  assert.equal(await module.next(), "PINGRESP");
  assert.ok(bench.lines.includes("broker < PINGREQ (foreign)"), bench.lines.join("\n"));

  await using own = new Bench({ ownsPings: true });
  const pinging = await own.connect();
  await pinging.send({ type: "PINGREQ" });
  await own.play("broker <- PINGREQ", "broker -> PINGRESP");
  assert.equal(await pinging.next(), "PINGRESP");
});

Deno.test("a PINGREQ that breaks a rule belongs to the case, whatever the case is about", async () => {
  await using bench = new Bench();
  const module = await bench.connect();
  await module.sendBytes(Uint8Array.of(0xc1, 0x00));
  assert.match((await bench.problem("broker <- DISCONNECT")).message, /^PINGREQ breaks MQTT-2\.2\.2-/);
});

Deno.test("once a step has taken the close, the next one waits for the module to come back", async () => {
  await using bench = new Bench();
  const module = await bench.connect();
  module.drop();
  await bench.play("broker <- closed", "broker <- closed");
  const back = await bench.connect();
  await back.send({ type: "DISCONNECT" });
  await bench.play("broker <- DISCONNECT");
});

Deno.test("a connection that was cut is closed at the module's end, by FIN or by RST", async () => {
  for (
    const [step, how] of [["drop: broker", "end"], ["drop: { lane: broker, how: rst }", "reset"]] as const
  ) {
    await using bench = new Bench();
    const module = await bench.connect();
    await bench.play(step);
    assert.equal(await module.closing(), how);
    assert.equal(bench.party.connected, false);
  }
});

Deno.test("nothing is a connection that stays silent, or none at all", async () => {
  await using bench = new Bench();
  await bench.party.nothing(1);
  const module = await bench.open();
  await assert.rejects(
    bench.party.nothing(5_000),
    /^StepFailed: The module opened a connection, expected nothing$/,
  );
  await bench.party.nothing(1);
  await module.send(connectPacket("3.1.1", { clientId: "m" }));
  await assert.rejects(bench.party.nothing(5_000), /^StepFailed: Unexpected CONNECT .*, expected nothing$/);
});

Deno.test("only the module opens the lane", async () => {
  await using bench = new Bench();
  await assert.rejects(bench.party.open(), /^StepFailed: The lane "broker" is opened by the module$/);
});

Deno.test("the end of the case ends a wait for a connection", async () => {
  await using bench = new Bench();
  const place = { file: "", line: 1, column: 1, length: 1 };
  const waiting = bench.party.take([[{ kind: "opened", place }]], 3_600_000);
  bench.end();
  await assert.rejects(waiting, StepFailed);
});

Deno.test("what no step took is left over, except well-formed packets if the rest is ignored", async () => {
  await using bench = new Bench();
  const module = await bench.connect();
  const subscribe = { type: "SUBSCRIBE", packetId: 7, subscriptions: [{ filter: "a", qos: 0 }] } as const;
  await module.send(subscribe, { type: "DISCONNECT" });
  assert.match((await bench.problem("broker <- DISCONNECT")).message, /^Unexpected SUBSCRIBE /);
  assert.match(bench.party.leftover()?.message ?? "", /^Unexpected DISCONNECT, expected nothing after/);
  await bench.play("ignore: broker");
  assert.equal(bench.party.leftover(), undefined);
});

Deno.test("a client library may send DISCONNECT before it closes, and a module may not", async () => {
  for (const library of [true, false]) {
    await using bench = new Bench({ library });
    const client = await bench.connect();
    await client.send({ type: "DISCONNECT" });
    client.drop();
    if (library) await bench.play("broker <- one of: [closed, PUBACK]");
    else assert.match((await bench.problem("broker <- closed")).message, /Unexpected DISCONNECT/);
  }
});

Deno.test("a one-shot program may end by DISCONNECT behind the last step", async () => {
  for (const oneShot of [true, false]) {
    await using bench = new Bench({ library: true, oneShot });
    const client = await bench.connect();
    // In one piece, so that both have come once the first has.
    await client.send({ type: "PUBLISH", topic: "a" }, { type: "DISCONNECT" });
    await bench.play("broker <- PUBLISH");
    assert.equal(bench.party.leftover()?.message.includes("DISCONNECT"), oneShot ? undefined : true);
  }
});
