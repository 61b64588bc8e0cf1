import assert from "node:assert/strict";
import { MqttLink } from "../link/mqtt_link.ts";
import { reach } from "./reach.ts";
import { TargetError } from "./target.ts";
import { loadTarget, type TargetFile } from "./target_file.ts";

const signal = new AbortController().signal;
const HOME = new URL("../../", import.meta.url);

async function shipped(name: string): Promise<TargetFile> {
  const { target, problems } = loadTarget(
    await Deno.readTextFile(new URL(`suites/targets/${name}.yaml`, HOME)),
    `${name}.yaml`,
  );
  assert.deepEqual(problems, []);
  assert.ok(target);
  return target;
}

async function reached(file: TargetFile) {
  const dialect = () => {
    throw new TypeError("a broker has no dialect");
  };
  const target = await reach(file, { dialect, signal });
  assert.equal(target.kind, "broker");
  return target.kind === "broker" ? target : assert.fail();
}

async function installed(program: string): Promise<boolean> {
  try {
    await new Deno.Command(program, { args: ["-h"], stdout: "null", stderr: "null", stdin: "null" }).output();
    return true;
  } catch {
    console.log(`"${program}" is not installed: its tests are skipped`);
    return false;
  }
}

/** The running Erlang processes that this process has started, one per line; other tests may have their own. */
async function erlang(): Promise<readonly string[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["axeww", "-o", "pid=,comm=,args="] }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) =>
    /^ *\d+ +(beam\.smp|epmd|erl_child_setup|inet_gethost)/.test(line) &&
    line.includes(`ATTEST_TEST=${Deno.pid}`)
  );
}

/** Connects a client and subscribes, however the broker is reached. */
async function works(file: TargetFile): Promise<string> {
  await using target = await reached(file);
  await using link = new MqttLink(await target.connect(signal), { version: "3.1.1" });
  await link.send({ type: "CONNECT", clientId: "attest", cleanStart: true, ...target.credentials });
  await link.send({ type: "SUBSCRIBE", packetId: 1, subscriptions: [{ filter: "attest/x", qos: 1 }] });
  const types: string[] = [];
  for (let count = 0; count < 2; count++) {
    const arrival = await link.receive(5_000);
    types.push(arrival?.kind === "packet" ? arrival.packet.type : arrival?.kind ?? "nothing");
  }
  return types.join(", ");
}

const BROKERS = [
  ["mosquitto", "mosquitto"],
  ["mosquitto-default", "mosquitto"],
  ["mosquitto-tls", "mosquitto"],
  ["mosquitto-ws", "mosquitto"],
  ["mosquitto-wss", "mosquitto"],
  ["aedes", "deno"],
] as const;

for (const [name, program] of BROKERS) {
  Deno.test({
    name: `the target ${name} starts, serves a client and ends`,
    ignore: !await installed(program),
    async fn() {
      assert.equal(await works(await shipped(name)), "CONNACK, SUBACK");
    },
  });
}

/** A library that Debian's activemq does not include. */
const MQTT_CLIENT = "/usr/share/java/mqtt-client.jar";
for (const name of ["activemq", "activemq-kahadb"]) {
  Deno.test({
    name: `the target ${name} starts, serves a client and ends`,
    ignore: !await exists("/usr/share/activemq/lib/activemq-mqtt.jar") || !await exists(MQTT_CLIENT),
    async fn() {
      assert.equal(await works(await shipped(name)), "CONNACK, SUBACK");
    },
  });
}

for (const [name, program] of [["rabbitmq", "rabbitmq-server"], ["ejabberd", "ejabberdctl"]] as const) {
  Deno.test({
    name: `the target ${name} starts, serves a client, and leaves no process of Erlang running`,
    ignore: !await exists(`/usr/sbin/${program}`),
    async fn() {
      const file = await shipped(name);
      assert.equal(file.start?.kind, "process");
      const start = file.start?.kind === "process" ? file.start : assert.fail();
      const marked = { ...start, env: { ...start.env, ATTEST_TEST: String(Deno.pid) } };
      await using target = await reached({ ...file, start: marked });
      assert.notDeepEqual(await erlang(), []);
      await target[Symbol.asyncDispose]();
      assert.deepEqual(await erlang(), []);
      assert.equal(await works({ ...file, start: marked }), "CONNACK, SUBACK");
      assert.deepEqual(await erlang(), []);
    },
  });
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => {
    console.log(`"${path}" is not installed: its test is skipped`);
    return false;
  });
}

for (const over of ["mqtt", "mqtts", "ws", "wss"] as const) {
  Deno.test(`the reference broker is reached over ${over}, and goes on after a restart`, async () => {
    const file = await shipped("reference");
    const start = { kind: "reference-broker" as const, defects: [], over };
    assert.equal(await works({ ...file, start }), "CONNACK, SUBACK");
    await using target = await reached({ ...file, start });
    assert.match(target.address, new RegExp(`^${over}://`));
    await target.restart?.(signal);
    assert.equal(await target.alive(), true);
  });
}

Deno.test("a restart keeps the ports and the folder of a program", async () => {
  const { target } = loadTarget(
    `target: counts
title: Counts its starts
tests: broker
start:
  process:
    command: [deno, eval, --quiet, '${COUNTS}', "{port}", "{folder}/starts"]
    beside: [[deno, eval, --quiet, "setInterval(() => {}, 1000)"]]
`,
    "counts.yaml",
  );
  assert.ok(target);
  await using counts = await reached(target);
  const starts = async () => {
    using connection = await counts.connect(signal);
    const buffer = new Uint8Array(8);
    return new TextDecoder().decode(buffer.subarray(0, await connection.read(buffer) ?? 0));
  };
  assert.equal(await starts(), "1");
  await counts.restart?.(signal);
  assert.equal(await starts(), "2");
});

/** Listens, and reports how often it was started. */
const COUNTS = `
  let starts = 1;
  try { starts += Number(Deno.readTextFileSync(Deno.args[1])); } catch { /* the first */ }
  Deno.writeTextFileSync(Deno.args[1], String(starts));
  const listener = Deno.listen({ hostname: "127.0.0.1", port: Number(Deno.args[0]) });
  for await (const one of listener) one.write(new TextEncoder().encode(String(starts))).then(() => one.close());
`.replaceAll("\n", " ");

Deno.test("a user's command restarts a broker that attest did not start, and says what went wrong", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(1_024));
      await connection.write(Uint8Array.of(0x20, 2, 0, 0));
      connection.close();
    }
  })();
  const folder = await Deno.makeTempDir();
  const file = {
    ...await shipped("reference"),
    address: {
      text: `mqtt://127.0.0.1:${listener.addr.port}`,
      place: { file: "", line: 1, column: 1, length: 1 },
    },
    restartCommand: ["touch", `${folder}/restarted`],
  };
  const { start: _, ...remote } = file;
  await using target = await reached(remote);
  await target.restart?.(signal);
  assert.equal((await Deno.stat(`${folder}/restarted`)).isFile, true);
  await using wrong = await reached({ ...remote, restartCommand: ["cat", "/no/such/file"] });
  await assert.rejects(wrong.restart?.(signal) ?? Promise.resolve(), (error: unknown) => {
    assert.ok(error instanceof TargetError);
    assert.match(
      error.message,
      /^The target "reference" was not restarted: "cat" exited with status 1, with the output: /,
    );
    return true;
  });
  await Deno.remove(folder, { recursive: true });
  listener.close();
  await accepting;
});
