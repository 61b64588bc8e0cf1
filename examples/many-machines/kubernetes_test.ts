import assert from "node:assert/strict";
import { parse } from "yaml";

/** No cluster is at hand where tests run, so what is held is what the manifest has to say for a load to be whole. */
const job = parse(await Deno.readTextFile(new URL("kubernetes.yaml", import.meta.url)));
const [container] = job.spec.template.spec.containers;
const command: string = container.args.join(" ");

Deno.test("the Kubernetes recipe is an Indexed Job whose pods all run at once, and never again one by one", () => {
  assert.equal(job.apiVersion, "batch/v1");
  assert.equal(job.kind, "Job");
  assert.equal(job.spec.completionMode, "Indexed");
  assert.equal(job.spec.completions, job.spec.parallelism);
  assert.equal(job.spec.backoffLimit, 0);
  assert.equal(job.spec.template.spec.restartPolicy, "Never");
});

Deno.test("the Kubernetes recipe has as many shards as pods, one seed, one start and a folder for each", () => {
  const shards = container.env.find(({ name }: { name: string }) => name === "ATTEST_SHARDS");
  assert.equal(Number(shards?.value), job.spec.completions);
  assert.match(command, /--seed \d+ /);
  assert.match(command, /--start-at \$\{?START/);
  assert.match(command, /--out \S*\$\(?JOB_COMPLETION_INDEX/);
  assert.equal(command.includes("--shard"), false, "the share comes from JOB_COMPLETION_INDEX");
  const mounted = container.volumeMounts.map(({ name }: { name: string }) => name);
  const volumes = job.spec.template.spec.volumes.map(({ name }: { name: string }) => name);
  assert.deepEqual(mounted, volumes);
});
