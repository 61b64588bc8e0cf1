import assert from "node:assert/strict";
import { findTarget, findTargets, targetNames } from "./targets.ts";
import { TestFolder } from "./test_folder.ts";

Deno.test("every shipped target is found by its name, and has it", async () => {
  const names = await targetNames();
  assert.ok(names.includes("reference") && names.includes("virtual-module"));
  assert.deepEqual((await findTargets(names)).map(({ file }) => file.name), names);
});

Deno.test("an unknown target is reported with the nearest name, or with a hint", async () => {
  await assert.rejects(findTarget("mosqitto"), /Unknown target "mosqitto"; did you mean mosquitto\?$/);
  await assert.rejects(
    findTarget("x"),
    /Unknown target "x"; "deno task list --targets" shows the shipped ones/,
  );
});

Deno.test("a target is a file too, and knows the folder that its paths are relative to", async () => {
  await using folder = new TestFolder();
  const path = folder.write(
    "t.yaml",
    "target: t\ntitle: T\ntests: broker\naddress: mqtt://h\nprotocols: ['5.0']\n",
  );
  const { file, url } = await findTarget(path);
  assert.deepEqual([file.name, file.folder, url?.pathname], ["t", folder.path, path]);
  await assert.rejects(
    findTarget(`${folder.path}/none.yaml`),
    /^UsageError: There is no file ".*none\.yaml"; expected the path of a target file, /,
  );
  await assert.rejects(findTarget(folder.write("wrong.yaml", "target: t\n")), /without "title"/);
});

Deno.test("an address is a target, and a wrong one says what is wrong with it", async () => {
  // Without a listener there, the protocols stay as they are.
  const { file, url } = await findTarget("mqtt://127.0.0.1:1");
  assert.deepEqual([file.tests, file.address?.text, url], ["broker", "mqtt://127.0.0.1:1", undefined]);
  await assert.rejects(findTarget("mqtt://"), /not a host and a port/);
});

Deno.test("two targets of one name are refused", async () => {
  await assert.rejects(
    findTargets(["reference", "reference"]),
    /Two targets of this run are called "reference"/,
  );
});
