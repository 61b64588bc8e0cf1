import assert from "node:assert/strict";
import { checkDialect } from "../at/dialect_check.ts";
import { PLAIN_DIALECT } from "../at/dialect.ts";
import { Dte } from "../link/dte.ts";
import { MqttLink } from "../link/mqtt_link.ts";
import { reach, targetOfAddress } from "./reach.ts";
import { loadTarget, type TargetFile } from "./target_file.ts";

const never = new AbortController().signal;
const options = { dialect: () => PLAIN_DIALECT, signal: never };

function fileOf(text: string): TargetFile {
  const { target, problems } = loadTarget(`target: demo\ntitle: Demo\n${text}`, "t.yaml");
  assert.ok(target, problems[0]?.message);
  return target;
}

/** A port without a listener. */
function deadPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

Deno.test("the reference broker is started with quirks and a round trip", async () => {
  const file = fileOf(
    "tests: broker\nstart: { embedded: reference-broker, quirks: [grants-at-most-0], roundTrip: 20ms }",
  );
  const asked = new Set<string>();
  await using target = await reach(file, { ...options, consulted: (hook) => asked.add(hook) });
  assert.ok(target.kind === "broker");
  assert.equal(await target.alive(), true);
  assert.ok(asked.has("connect"));
});

Deno.test("the reference broker is started, takes connections, and ends with the target", async () => {
  const file = fileOf("tests: broker\nstart: { embedded: reference-broker }\nwithin: 1s");
  const target = await reach(file, options);
  assert.ok(target.kind === "broker");
  assert.match(target.address, /^mqtt:\/\/127\.0\.0\.1:\d+$/);
  assert.deepEqual([target.withinMs, target.limitMs, target.name], [1000, 20_000, "demo"]);
  {
    await using link = new MqttLink(await target.connect(never), { version: "3.1.1" });
    await link.send({
      type: "CONNECT",
      protocolName: "MQTT",
      protocolLevel: 4,
      cleanStart: true,
      clientId: "c",
    });
    const answer = await link.receive(5_000);
    assert.equal(answer?.kind === "packet" && answer.packet.type, "CONNACK");
  }
  assert.equal(await target.alive(), true);
  await target[Symbol.asyncDispose]();
  assert.equal(await target.alive(), false);
});

Deno.test("an unknown defect is reported", async () => {
  const file = fileOf("tests: broker\nstart: { embedded: reference-broker }");
  await assert.rejects(reach(file, { ...options, defects: ["no-such"] }), /no-such/);
});

Deno.test("an address without a listener is reported in a sentence", async () => {
  const port = deadPort();
  await assert.rejects(reach(targetOfAddress(`mqtt://127.0.0.1:${port}`), options), (error) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${port}`));
    assert.doesNotMatch(error.message, /[.\n]$/);
    return true;
  });
  await assert.rejects(reach(targetOfAddress(`tcp-serial://127.0.0.1:${port}`), options), /127\.0\.0\.1/);
  await assert.rejects(reach(targetOfAddress("serial:/dev/no-such-tty"), options), /no-such-tty/);
});

Deno.test("an address alone gives a broker that is asked, or a module, and a name without special characters", () => {
  const broker = targetOfAddress("mqtt://Broker.Example:1884");
  assert.deepEqual([broker.name, broker.tests], ["broker.example-1884", "broker"]);
  assert.deepEqual([broker.asks, broker.supports], [["3.1", "3.1.1", "5.0"], []]);
  const serial = targetOfAddress("serial:/dev/ttyUSB0?baud=9600");
  assert.deepEqual([serial.name, serial.tests, serial.protocols], ["dev-ttyusb0", "module", [
    "ECMT",
    "3.1.1",
  ]]);
  assert.equal(targetOfAddress("tcp-serial://[::1]:4001").name, "1-4001");
});

Deno.test("a virtual module is started with the quirks and the round trip of its file, and reports what it consults", async () => {
  const file = fileOf(
    "tests: module\nstart: { embedded: virtual-module, quirks: [power-on-echo-off], roundTrip: 20ms }",
  );
  const asked = new Set<string>();
  const quirks = ["two-spaces-after-colon"];
  await using target = await reach(file, { ...options, quirks, consulted: (hook) => asked.add(hook) });
  assert.ok(target.kind === "module");
  await using port = await target.openPort(never);
  await using dte = new Dte(port.transport);
  await dte.send(new TextEncoder().encode("AT+CMEE?\r"));
  const said = await dte.receive(5_000);
  assert.equal(said && "raw" in said && new TextDecoder().decode(said.raw), "\r\n+CMEE:  1\r\n");
  assert.ok(asked.has("information CMEE") && !asked.has("roundTripMs"));
});

Deno.test("a virtual module has a line for each job, and forgets all at a power cycle", async () => {
  const dialectOf = () => checkDialect(undefined).dialect ?? PLAIN_DIALECT;
  const file = fileOf("tests: module\nstart: { embedded: virtual-module }");
  await using target = await reach(file, { ...options, dialect: dialectOf });
  assert.ok(target.kind === "module" && target.mostPorts > 1);
  await using first = await target.openPort(never);
  await using second = await target.openPort(never);
  for (const port of [first, second]) {
    await using dte = new Dte(port.transport);
    await dte.send(new TextEncoder().encode("ATE0\r"));
    const answer = await dte.receive(5_000);
    assert.equal(answer?.kind === "final" && answer.final, "OK");
    await port.powerCycle?.();
  }
});

Deno.test("a serial line over TCP that was lost is closed but once", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted: Deno.TcpConn[] = [];
  const accepting = listener.accept().then((one) => accepted.push(one));
  await using target = await reach(targetOfAddress(`tcp-serial://127.0.0.1:${listener.addr.port}`), options);
  assert.ok(target.kind === "module" && target.mostPorts === 1);
  {
    await using port = await target.openPort(never);
    await accepting;
    await using dte = new Dte(port.transport);
    accepted.forEach((one) => one.close());
    assert.equal((await dte.receive(5_000))?.kind, "closed");
  }
});
