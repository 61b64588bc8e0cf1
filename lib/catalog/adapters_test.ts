import { equal, match, ok } from "node:assert/strict";
import { ScriptedBroker } from "../broker/scripted.ts";
import { TRANSPORT_OF } from "../client/protocol.ts";
import { MqttLink } from "../link/mqtt_link.ts";
import { routeFields } from "../play/party/adapter_requests.ts";
import { reach } from "../target/reach.ts";
import type { RunningAdapter } from "../target/target.ts";
import { type Credential, makeCertificates } from "../transport/certificates.ts";
import { findTarget } from "./targets.ts";

/** The adapters that ship, the file by which their library is known to be here, and the Debian package that has it. */
const ADAPTERS: readonly (readonly [target: string, file: string | undefined, from: string])[] = [
  ["paho-python", "/usr/lib/python3/dist-packages/paho/mqtt/client.py", "python3-paho-mqtt"],
  ["paho-c", "/usr/include/MQTTAsync.h", "libpaho-mqtt-dev"],
  ["libmosquitto", "/usr/include/mosquitto.h", "libmosquitto-dev"],
  ["mosquitto-clients", "/usr/bin/mosquitto_sub", "mosquitto-clients"],
  ["mqttjs", undefined, "npm"],
];

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Connects the library to a broker that listens in one way, and publishes. */
async function connects(
  { adapter }: RunningAdapter,
  way: { readonly kind: keyof typeof TRANSPORT_OF; readonly ca: string; readonly tls: Credential },
  signal: AbortSignal,
): Promise<void> {
  const over = { kind: way.kind, tls: way.tls };
  await using broker = await ScriptedBroker.over(over, "127.0.0.1");
  const message = { topic: "a", payload: "x", qos: 1, retain: false };
  const asked = await adapter.ask({
    do: "connect",
    client: "one",
    server: "127.0.0.1",
    port: broker.port,
    protocol: "3.1.1",
    clientId: "one",
    cleanStart: true,
    keepAlive: 60,
    ...routeFields({ over, ca: TRANSPORT_OF[way.kind].secure ? way.ca : undefined }),
    ...(adapter.hello.supports.includes("one-shot") ? { next: { publish: message } } : {}),
  });
  equal("ok" in asked, true, JSON.stringify(asked));
  const connection = await broker.accept(5_000, signal);
  ok(connection, `nobody connected by ${way.kind}`);
  await using link = new MqttLink(connection, { version: "3.1.1" });
  const connect = await link.receive(5_000, signal);
  ok(connect?.kind === "packet" && connect.packet.type === "CONNECT");
  equal(connect.packet.clientId, "one");
  await link.send({ type: "CONNACK" });
  equal((await adapter.next(5_000, signal))?.on, "connected");
  const { id: _, ...reply } = await adapter.ask({ do: "publish", client: "one", ...message });
  ok("ok" in reply && reply.token !== undefined);
  const publish = await link.receive(5_000, signal);
  ok(publish?.kind === "packet" && publish.packet.type === "PUBLISH");
  await link.send({ type: "PUBACK", packetId: publish.packet.packetId ?? 0 });
  const published = await adapter.next(5_000, signal);
  equal(published?.on, "published");
  equal(published.token, reply.token);
  await adapter.reset();
}

for (const [name, file, from] of ADAPTERS) {
  const here = file === undefined || await isThere(file);
  if (!here) console.warn(`The adapter ${name} is not tested: it needs ${from}`);
  Deno.test({
    name: `the adapter ${name} connects its library in each way that its hello names, and reports the result`,
    ignore: !here,
    async fn() {
      const { file } = await findTarget(name);
      const signal = AbortSignal.timeout(60_000);
      await using target = await reach(file, { dialect: () => ({}) as never, signal });
      ok(target.kind === "client");
      match(target.version ?? "", /^[a-z-]+ \d+\.\d+\.\d+$/);
      await using running = await target.openAdapter(signal);
      const { ca, server } = await makeCertificates();
      const folder = await Deno.makeTempDir();
      await using _removed = { [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
      await Deno.writeTextFile(`${folder}/ca.pem`, ca);
      const { transports } = running.adapter.hello;
      for (const kind of ["mqtt", "mqtts", "ws", "wss"] as const) {
        if (!transports.includes(TRANSPORT_OF[kind].transport)) continue;
        await connects(running, { kind, ca: `${folder}/ca.pem`, tls: server }, signal);
      }
    },
  });
}
