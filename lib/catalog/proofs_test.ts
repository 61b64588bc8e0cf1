import assert from "node:assert/strict";
import { PROOFS, readProofs, writeProof } from "./proofs.ts";
import { TestFolder } from "./test_folder.ts";
import { pathToFileURL } from "node:url";

Deno.test("a proof that is written is read again, and a target without one has an empty one", async () => {
  await using folder = new TestFolder();
  const proofs = pathToFileURL(`${folder.path}/new folder/`);
  const record = new Map([["will-lost", ["mqtt/wills/sent", "mqtt/wills/kept"]]]);
  assert.match(await writeProof(proofs, "reference", record), /new folder\/reference\.yaml$/);
  const read = await readProofs(proofs, ["reference", "other"]);
  assert.deepEqual([...read.keys()], ["reference", "other"]);
  assert.deepEqual([...read.get("reference")?.keys() ?? []], ["will-lost"]);
  assert.equal(read.get("other")?.size, 0);
});

Deno.test("the shipped proofs can be read", async () => {
  const read = await readProofs(PROOFS, ["reference", "virtual-module"]);
  for (const record of read.values()) assert.ok(record.size > 0);
});
