import assert from "node:assert/strict";
import { missing, run } from "../../reports/testdata/tool.ts";
import { ended, spawned } from "./test_screen.ts";

Deno.test({
  name: "every frame that tshark calls malformed in the capture of a run that passes was sent so on purpose",
  ignore: missing("tshark"),
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "attest-capture-" });
    try {
      const suites = ["mqtt/fixed-header", "mqtt/segments", "mqtt/connect-fields", "mqtt/websocket"];
      const said = await ended(
        spawned(["conform", ...suites, "--target", "reference", "--format", "pcapng", "--out", folder]),
      );
      assert.equal(said.status, 0, said.out + said.err);
      const args = ["-r", "-", "-Y", "_ws.malformed", "-T", "fields", "-e", "frame.comment"];
      const frames = (await run("tshark", args, await Deno.readFile(`${folder}/capture.pcapng`))).trimEnd()
        .split("\n");
      assert.ok(frames.length > 20, `${frames.length} malformed frames`);
      assert.deepEqual(frames.filter((comment) => !comment.includes("sent malformed on purpose: ")), []);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
