import assert from "node:assert/strict";
import { SHARD_VARIABLES, shardOfVariables } from "./shard_variables.ts";

const of = (variables: Record<string, string>) => {
  const found = shardOfVariables((name) => variables[name]);
  return found && `${found.index}/${found.of}`;
};

Deno.test("the share is read from the variables of each scheduler, counted from 1", () => {
  assert.equal(of({ SLURM_PROCID: "0", SLURM_NTASKS: "4" }), "1/4");
  assert.equal(of({ SLURM_PROCID: "3", SLURM_NTASKS: "4" }), "4/4");
  assert.equal(of({ JOB_COMPLETION_INDEX: "1", ATTEST_SHARDS: "3" }), "2/3");
  assert.equal(of({ AWS_BATCH_JOB_ARRAY_INDEX: "2", AWS_BATCH_JOB_ARRAY_SIZE: "5" }), "3/5");
  assert.equal(of({ PARALLEL_SEQ: "4", ATTEST_SHARDS: "4" }), "4/4");
});

Deno.test("an array of Slurm may begin at any index, and takes precedence over the task of each of its jobs", () => {
  const task = { SLURM_PROCID: "0", SLURM_NTASKS: "1" };
  const array = { SLURM_ARRAY_TASK_MIN: "1", SLURM_ARRAY_TASK_COUNT: "4" };
  assert.equal(of({ ...task, ...array, SLURM_ARRAY_TASK_ID: "1" }), "1/4");
  assert.equal(of({ ...task, ...array, SLURM_ARRAY_TASK_ID: "4" }), "4/4");
  assert.equal(of({ ...task, ...array, SLURM_ARRAY_TASK_MIN: "0", SLURM_ARRAY_TASK_ID: "0" }), "1/4");
});

Deno.test("a single task, or a number without a count, is not a share", () => {
  assert.equal(of({}), undefined);
  assert.equal(of({ SLURM_PROCID: "0", SLURM_NTASKS: "1" }), undefined);
  assert.equal(of({ PARALLEL_SEQ: "2" }), undefined);
});

Deno.test("variables with an invalid share are rejected", () => {
  assert.throws(
    () => of({ SLURM_PROCID: "4", SLURM_NTASKS: "4" }),
    /are not a valid share; give one with --shard/,
  );
  assert.throws(() => of({ SLURM_PROCID: "x", SLURM_NTASKS: "4" }), /is not a number/);
  assert.throws(() => of({ PARALLEL_SEQ: "0", ATTEST_SHARDS: "4" }), /are not a valid share/);
});

Deno.test("the permissions of the task load allow reading all of these variables", async () => {
  const config = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  const allowed: unknown[] = config.permissions.load.env.allow;
  assert.deepEqual(SHARD_VARIABLES.filter((name) => !allowed.includes(name)), []);
});
