import assert from "node:assert/strict";
import { Broker } from "./broker.ts";

const missing = ["mosquitto_sub", "mosquitto_pub"].filter((program) => !installed(program));
if (missing.length > 0) {
  console.log(`Skipped, because they are not installed: tests with ${missing.join(" and ")}`);
}

for (const version of ["mqttv31", "mqttv311", "mqttv5"]) {
  Deno.test({
    name: `mosquitto_sub prints what mosquitto_pub sends at each QoS, with ${version}`,
    ignore: missing.length > 0,
    async fn() {
      const subscribed = Promise.withResolvers<void>();
      await using broker = await Broker.start({
        log: (line) => line.includes("connected") && line.includes("watcher") && subscribed.resolve(),
      });
      const base = ["-V", version, "-p", String(broker.address.port)];
      // A retained message arrives whether or not the subscription is made in time.
      for (const qos of ["0", "1", "2"]) {
        await run("mosquitto_pub", [...base, "-r", "-t", `t/${qos}`, "-q", qos, "-m", `hello ${qos}`]);
      }
      const printed = run("mosquitto_sub", [
        ...base,
        "-i",
        "watcher",
        "-t",
        "t/+",
        "-q",
        "2",
        "-C",
        "3",
        "-W",
        "10",
        "-v",
      ]);
      await subscribed.promise;
      assert.equal(await printed, "t/0 hello 0\nt/1 hello 1\nt/2 hello 2\n");
    },
  });

  Deno.test({
    name: `mosquitto_sub gets from its kept session what arrived while it was offline, with ${version}`,
    ignore: missing.length > 0,
    async fn() {
      await using broker = await Broker.start();
      const base = ["-V", version, "-p", String(broker.address.port)];
      const kept = [
        ...base,
        ...(version === "mqttv5" ? ["-x", "100"] : []),
        "-c",
        "-i",
        "kept",
        "-t",
        "t",
        "-q",
        "2",
      ];
      await run("mosquitto_sub", [...kept, "-E"]);
      for (const qos of ["1", "2"]) {
        await run("mosquitto_pub", [...base, "-t", "t", "-q", qos, "-m", `late ${qos}`]);
      }
      assert.equal(await run("mosquitto_sub", [...kept, "-C", "2", "-W", "10"]), "late 1\nlate 2\n");
    },
  });
}

async function run(program: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  assert.ok(success, `${program}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

function installed(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["--help"], stdout: "null", stderr: "null" }).outputSync()
      .code >= 0;
  } catch {
    return false;
  }
}
