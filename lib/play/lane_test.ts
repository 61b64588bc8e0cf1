import assert from "node:assert/strict";
import { ScriptedBroker } from "../broker/scripted.ts";
import { pause } from "../ground/wait.ts";
import type { Frame } from "../mqtt/frame.ts";
import { Ledger } from "../mqtt/ledger/ledger.ts";
import type { Draft, Property, ProtocolVersion } from "../mqtt/packet.ts";
import { dial } from "../transport/dial.ts";
import { BrokenRules } from "./broken_rules.ts";
import { dropLane, MqttLane, type MqttLaneOptions } from "./lane.ts";
import { StepFailed } from "./step_failed.ts";
import { TestCase } from "./test_case.ts";
import { PlayedConnection } from "./test_clients.ts";

const PATIENCE = 5_000;
const CONNECT: Draft = {
  type: "CONNECT",
  protocolName: "MQTT",
  protocolLevel: 4,
  cleanStart: true,
  keepAlive: 60,
  clientId: "c",
};

/** A client's lane whose far ends the test plays. */
class Bench extends TestCase implements AsyncDisposable {
  readonly lane: MqttLane;
  readonly #listener = ScriptedBroker.listen("127.0.0.1");
  readonly #far: PlayedConnection[] = [];

  constructor(more: Partial<MqttLaneOptions> = {}) {
    super();
    this.lane = new MqttLane({
      name: "c",
      version: "3.1.1",
      recorder: this.context.recorder,
      signal: this.context.signal,
      intercept: () => false,
      near: "client",
      ledger: new Ledger({ at: "client", version: "3.1.1" }),
      broken: this.context.broken,
      time: this.context.time,
      ...more,
    });
  }

  /** Attaches a new connection and returns its far end. */
  async attach(version: ProtocolVersion = "3.1.1"): Promise<PlayedConnection> {
    const address = { kind: "mqtt", host: "127.0.0.1", port: this.#listener.port } as const;
    const near = await dial(address);
    const transport = await this.#listener.accept(PATIENCE);
    assert.ok(transport);
    const far = new PlayedConnection(transport, { version });
    this.#far.push(far);
    this.lane.attach(near);
    return far;
  }

  /** Attaches a connection on which the lane has sent CONNECT and received CONNACK. */
  async connect(): Promise<PlayedConnection> {
    const far = await this.attach();
    await this.lane.send([CONNECT]);
    assert.match(await far.next(), /^CONNECT /);
    await far.send({ type: "CONNACK", reason: 0 });
    assert.equal(await this.next(), "CONNACK");
    return far;
  }

  /** The type of the next arrival on the lane, with the rules that it breaks. */
  async next(): Promise<string> {
    const arrival = await this.lane.link?.receive(PATIENCE);
    if (!arrival) return "nothing";
    if (arrival.kind === "closed") return `closed ${arrival.how}`;
    const type = arrival.kind === "packet" ? arrival.packet.type : arrival.kind;
    return [type, ...arrival.violations.map(({ rule }) => rule)].join(" !");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lane[Symbol.asyncDispose]();
    await Promise.all(this.#far.map((one) => one[Symbol.asyncDispose]()));
    await this.#listener.close();
  }
}

Deno.test("packets that a lane sends arrive in their order and are charted one by one", async () => {
  await using bench = new Bench();
  const far = await bench.connect();
  await bench.lane.send([{ type: "PINGREQ" }, { type: "PUBLISH", topic: "a", payload: "x" }]);
  assert.deepEqual([await far.next(), await far.next()], ["PINGREQ", 'PUBLISH q0 "a" "x"']);
  assert.deepEqual(bench.lines.slice(-2), ["c > PINGREQ", 'c > PUBLISH q0 "a" "x"']);
});

Deno.test("a packet that breaks a rule which the case does not name is never sent", async () => {
  await using bench = new Bench();
  const far = await bench.connect();
  for (const wrong of [CONNECT, { type: "PINGREQ", wire: { flags: 3 } } as const]) {
    await assert.rejects(
      bench.lane.send([wrong]),
      /^StepFailed: The step breaks a rule that the case does not name: /,
    );
  }
  await bench.lane.send([{ type: "PINGREQ" }]);
  assert.equal(await far.next(), "PINGREQ");
});

Deno.test("a packet that breaks a rule which the case names is sent, marked in the chart", async () => {
  await using bench = new Bench({ broken: new BrokenRules(["reserved-flags"]) });
  const far = await bench.connect();
  await bench.lane.send([{ type: "PINGREQ", wire: { flags: 3 } }]);
  assert.equal(await far.next(), "PINGREQ");
  assert.equal(bench.lines.at(-1), "c > PINGREQ (wrong on purpose)");
});

Deno.test("an arrival that breaks a rule of the conversation says so, in the inbox and in the chart", async () => {
  await using bench = new Bench();
  const far = await bench.connect();
  await far.send({ type: "PINGRESP" });
  assert.equal(await bench.next(), "PINGRESP !pingresp-unasked");
  assert.match(bench.chart.at(-1)?.violations?.[0] ?? "", /^pingresp-unasked: /);
});

Deno.test("after raw bytes what depends on them is not judged", async () => {
  await using bench = new Bench();
  const far = await bench.connect();
  await bench.lane.sendRaw(Uint8Array.of(0xc0, 0x00));
  assert.equal(await far.next(), "PINGREQ");
  await far.send({ type: "PINGRESP" });
  assert.equal(await bench.next(), "PINGRESP");
  assert.ok(bench.lines.includes("c > 2 raw bytes"), bench.lines.join("\n"));
});

Deno.test("what is intercepted stays out of the inbox and out of the chart", async () => {
  const taken: Frame[] = [];
  await using bench = new Bench({
    intercept: (frame) => frame.kind === "packet" && frame.packet.type === "PUBLISH" && taken.push(frame) > 0,
  });
  const far = await bench.connect();
  await far.send({ type: "PUBLISH", topic: "a", payload: "x" });
  await bench.lane.send([{ type: "PINGREQ" }]);
  await far.send({ type: "PINGRESP" });
  assert.equal(await bench.next(), "PINGRESP");
  assert.equal(taken.length, 1);
  assert.deepEqual(bench.lines.slice(-2), ["c > PINGREQ", "c < PINGRESP"]);
});

Deno.test("nothing slips between the pieces of a packet that is cut", async () => {
  await using bench = new Bench();
  const far = await bench.connect();
  const sending = bench.lane.send([{ type: "PUBLISH", topic: "a", payload: "x".repeat(500) }], "bytewise");
  await Promise.all([sending, bench.lane.send([{ type: "PINGREQ" }])]);
  assert.match(await far.next(), /^PUBLISH q0 "a" "x+"… \(500 bytes\)$/);
  assert.equal(await far.next(), "PINGREQ");
});

Deno.test("the chart shows a packet as it may be shown, and the wire has it unchanged", async () => {
  await using bench = new Bench({
    shown: (draft) => draft.type === "CONNECT" ? { ...draft, userName: "*****" } : draft,
  });
  const far = await bench.attach();
  await bench.lane.send([{ ...CONNECT, userName: "alice" }]);
  assert.match(await far.next(), /user="alice"/);
  assert.match(bench.chart[0]?.text ?? "", /user="\*{5}"/);
  assert.equal(bench.chart[0]?.hex?.includes(new TextEncoder().encode("alice").toHex()), false);
});

Deno.test("a lane without a connection sends nothing, and says whose it is", async () => {
  await using bench = new Bench();
  const message = /^Error: Lane "c" has no connection$/;
  await assert.rejects(bench.lane.send([{ type: "PINGREQ" }]), message);
  await assert.rejects(bench.lane.sendRaw(new Uint8Array(1)), message);
  await assert.rejects(bench.lane.sendFrame({ opcode: 2, payload: new Uint8Array(1) }), message);
  assert.deepEqual(bench.lines, []);
});

Deno.test("a WebSocket frame on a connection that is none is an error of the case", async () => {
  await using bench = new Bench();
  await bench.connect();
  await assert.rejects(
    bench.lane.sendFrame({ opcode: 1, payload: new Uint8Array(1), final: false }),
    (error) => {
      assert.ok(error instanceof StepFailed);
      assert.equal(error.problem.verdict, "error");
      assert.equal(error.message, "This connection is not a WebSocket and has no frames");
      return true;
    },
  );
  assert.equal(bench.lines.at(-1), "c > WebSocket frame, opcode 1, to be continued");
});

Deno.test("the far end's close is charted, reported, and left for a step to expect", async () => {
  let told = 0;
  await using bench = new Bench({ closed: () => told++ });
  const far = await bench.connect();
  far.reset();
  assert.equal(await bench.next(), "closed reset");
  assert.equal(told, 1);
  assert.equal(bench.lines.at(-1), "c - reset by the target");
  assert.equal(bench.lane.connected, false);
  await bench.lane.send([{ type: "PINGREQ" }]);
});

Deno.test("a new connection ends the previous one, whose close no longer matters", async () => {
  let told = 0;
  await using bench = new Bench({ closed: () => told++ });
  const first = await bench.connect();
  const second = await bench.attach();
  assert.equal(await first.next(), "closed end");
  await bench.lane.send([CONNECT]);
  assert.match(await second.next(), /^CONNECT /);
  assert.equal(told, 0);
  assert.ok(bench.lane.connected);
});

Deno.test("a lane is cut by FIN or by RST, once, and says which", async () => {
  for (const [reset, how, note] of [[false, "end", "cut"], [true, "reset", "reset"]] as const) {
    await using bench = new Bench();
    const far = await bench.connect();
    dropLane(bench.lane, reset, bench.context.recorder);
    dropLane(bench.lane, reset, bench.context.recorder);
    assert.equal(await far.next(), `closed ${how}`);
    const notes = bench.lines.filter((line) => line.startsWith("c - "));
    assert.deepEqual(notes, [`c - connection ${note}`]);
    assert.equal(bench.lane.link, undefined);
  }
});

Deno.test("a transport without a reset is cut anyway, which is an error of the case", async () => {
  await using bench = new Bench();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [far, near] = await Promise.all([
    listener.accept(),
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
  ]);
  using _far = far;
  bench.lane.attach(near);
  assert.throws(() => dropLane(bench.lane, true, bench.context.recorder), (error) => {
    assert.ok(error instanceof StepFailed);
    assert.equal(error.problem.verdict, "error");
    assert.equal(error.message, "This connection cannot be reset");
    return true;
  });
  assert.equal(await far.read(new Uint8Array(1)), null);
});

Deno.test("the end of the case ends the connection, even while a far end that reads nothing blocks a write", async () => {
  await using bench = new Bench();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [far, near] = await Promise.all([
    listener.accept(),
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
  ]);
  using _far = far;
  bench.lane.attach(near);
  const flood = bench.lane.sendRaw(new Uint8Array(64 * 1024 * 1024));
  bench.end();
  await flood;
  assert.equal(bench.lane.link, undefined);
});

Deno.test("packet ids of a lane's own count from 1 to 60,000 and begin again", async () => {
  await using bench = new Bench();
  const ids = Array.from({ length: 60_001 }, () => bench.lane.nextPacketId());
  assert.deepEqual([ids[0], ids[59_999], ids[60_000]], [1, 60_000, 1]);
});

Deno.test("what the far end announces is known once its CONNACK has come, and for its connection only", async () => {
  await using bench = new Bench();
  const announced = () => bench.lane.announced?.maximumQoS;
  await bench.attach();
  assert.equal(announced(), undefined);
  await bench.connect();
  assert.equal(announced(), 2);
  bench.lane.drop();
  assert.equal(announced(), undefined);
});

Deno.test("what the far end makes of a packet that breaks a rule is not judged", async () => {
  await using bench = new Bench({ broken: new BrokenRules(["packet-id-in-use"]) });
  const far = await bench.connect();
  for (let count = 0; count < 2; count++) {
    await bench.lane.send([{ type: "PUBLISH", topic: "a", qos: 1, packetId: 1 }]);
  }
  for (let count = 0; count < 3; count++) {
    await far.send({ type: "PUBACK", packetId: 1 });
    assert.equal(await bench.next(), "PUBACK");
  }
});

Deno.test("a server that ends a connection which was silent beyond its Keep Alive makes the case impossible", async () => {
  const ended = async (properties: readonly Property[]) => {
    const broken = new BrokenRules([]);
    await using bench = new Bench({
      version: "5.0",
      broken,
      ledger: new Ledger({ at: "client", version: "5.0", graceMs: 0 }),
    });
    const far = await bench.attach("5.0");
    await bench.lane.send([{ ...CONNECT, protocolLevel: 5, keepAlive: 1 }]);
    assert.match(await far.next(), /^CONNECT /);
    await far.send({ type: "CONNACK", reason: 0, properties });
    assert.equal(await bench.next(), "CONNACK");
    await pause(1_050);
    far.close();
    assert.equal(await bench.next(), "closed end");
    return broken.impossible;
  };
  const [set, own] = await Promise.all([ended([{ name: "serverKeepAlive", value: 1 }]), ended([])]);
  assert.match(set?.message ?? "", /^Not possible on this target: MQTT-3\.2\.2-21: /);
  // The Keep Alive that a case sets is its own choice.
  assert.equal(own, undefined);
});
