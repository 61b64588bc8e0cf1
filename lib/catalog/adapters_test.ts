import { equal, match, ok } from "node:assert/strict";
import { MqttLink } from "../link/mqtt_link.ts";
import { reach } from "../target/reach.ts";
import { findTarget } from "./targets.ts";

/** The adapters that ship, the file by which their library is known to be here, and the Debian package that has it. */
const ADAPTERS: readonly (readonly [target: string, file: string | undefined, from: string])[] = [
  ["paho-python", "/usr/lib/python3/dist-packages/paho/mqtt/client.py", "python3-paho-mqtt"],
  ["libmosquitto", "/usr/include/mosquitto.h", "libmosquitto-dev"],
  ["mqttjs", undefined, "npm"],
];

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

for (const [name, file, from] of ADAPTERS) {
  const here = file === undefined || await isThere(file);
  if (!here) console.warn(`The adapter ${name} is not tested: it needs ${from}`);
  Deno.test({
    name: `the adapter ${name} connects its library to a broker, and reports the result`,
    ignore: !here,
    async fn() {
      const { file } = await findTarget(name);
      const signal = AbortSignal.timeout(60_000);
      await using target = await reach(file, { dialect: () => ({}) as never, signal });
      ok(target.kind === "client");
      match(target.version ?? "", /^[a-z-]+ \d+\.\d+\.\d+$/);
      await using running = await target.openAdapter(signal);
      using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const asked = await running.adapter.ask({
        do: "connect",
        client: "one",
        server: "127.0.0.1",
        port: listener.addr.port,
        protocol: "3.1.1",
        clientId: "one",
        cleanStart: true,
        keepAlive: 60,
      });
      equal("ok" in asked, true);
      await using link = new MqttLink(await listener.accept(), { version: "3.1.1" });
      const connect = await link.receive(5_000, signal);
      ok(connect?.kind === "packet" && connect.packet.type === "CONNECT");
      equal(connect.packet.clientId, "one");
      await link.send({ type: "CONNACK" });
      equal((await running.adapter.next(5_000, signal))?.on, "connected");
      await running.adapter.reset();
    },
  });
}
