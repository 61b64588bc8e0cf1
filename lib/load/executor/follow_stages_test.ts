import assert from "node:assert/strict";
import type { Stage } from "../profile/stage.ts";
import { followStages } from "./follow_stages.ts";
import { TestLoad } from "./test_load.ts";

const STAGES: readonly Stage[] = [{ kind: "hold", ms: 1_500, rate: 1 }, { kind: "ramp", ms: 1_600, rate: 0 }];

Deno.test("a load is recorded by seconds, each with the stage at its end", async () => {
  const load = new TestLoad();
  await followStages(STAGES, 0, load);
  assert.deepEqual(load.positions.map(({ phase, stage }) => [phase, stage]), [
    ["measure", 0],
    ["measure", 1],
    ["measure", 1],
    ["measure", 1],
  ]);
});

Deno.test("no second is partly in the warm-up", async () => {
  const load = new TestLoad({ warmUpMs: 1_200 });
  await followStages(STAGES, 0, load);
  // Seconds end at 1.0, 1.2, 2.2 and 3.1 s.
  assert.deepEqual(load.positions.map(({ phase }) => phase), ["warm-up", "warm-up", "measure", "measure"]);
});

Deno.test("an aborted or stopped load ends with the current second", async () => {
  const aborted = new TestLoad();
  aborted.abort();
  await followStages(STAGES, 0, aborted);
  assert.deepEqual(aborted.positions, []);
  const stopped = new TestLoad();
  await followStages(STAGES, 0, stopped, () => stopped.positions.length === 2);
  assert.equal(stopped.positions.length, 2);
});
