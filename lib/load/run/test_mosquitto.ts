import { loadTarget } from "../../target/target_file.ts";

/** Whether Mosquitto is installed; otherwise its tests are left out with a message. */
export const mosquittoIsThere: boolean = await new Deno.Command("mosquitto", {
  args: ["-h"],
  stdout: "null",
  stderr: "null",
}).output().then(() => true, () => false);
if (!mosquittoIsThere) console.log("mosquitto is not installed: its tests are left out");

/** The target that ships, which starts Mosquitto. */
export const { target: MOSQUITTO } = loadTarget(
  await Deno.readTextFile(new URL("../../../suites/targets/mosquitto.yaml", import.meta.url)),
  "m",
);
