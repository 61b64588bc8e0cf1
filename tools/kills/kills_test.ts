import assert from "node:assert/strict";
import { KillingGround } from "./killing.ts";
import { NEXT, RUNS } from "./runs.ts";

const mosquitto = RUNS.find(({ name }) => name === "mosquitto");
const installed = await new Deno.Command("mosquitto", { args: ["-h"], stdout: "null", stderr: "null" })
  .output()
  .then(() => true, () => false);
if (!installed) console.log('"mosquitto" is not installed: its test is skipped');

Deno.test({
  name: "a killed run on Mosquitto leaves no process, and no folder after the next run",
  ignore: !installed,
  async fn() {
    assert.ok(mosquitto);
    await using ground = await KillingGround.make();
    const startsAfter = await ground.startsAfter(mosquitto);
    let beside = 0;
    // While Mosquitto starts, and while cases run.
    for (const afterMs of [startsAfter, startsAfter + 1_000]) {
      for (const signal of ["SIGKILL", "SIGTERM"] as const) {
        // A busy machine takes longer than the 5 s that `deno task kills` allows.
        const killed = await ground.kill(mosquitto, { signal, afterMs, clearWithinMs: 60_000 });
        assert.deepEqual(killed.left, []);
        beside += killed.beside;
      }
    }
    // Otherwise there was nothing to leave behind.
    assert.ok(beside > 0);
    assert.equal(await ground.run(NEXT), 0);
    assert.deepEqual(await ground.folders(), []);
  },
});
