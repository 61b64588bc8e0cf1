import assert from "node:assert/strict";
import { golden } from "../../tools/golden.ts";
import { TestFolder } from "../catalog/test_folder.ts";
import { said } from "./test_screen.ts";

const FILES = new URL("testdata/refused/", import.meta.url);

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

for (const name of ["deno_eval", "erl_eval", "shell", "plugin", "smuggled"]) {
  Deno.test(`the target file ${name}.yaml starts and writes nothing, and the message says how to correct it`, async () => {
    await using folder = new TestFolder();
    const file = new URL(`${name}.yaml`, FILES).pathname;
    const told = new Set<string>();
    for (const command of [["conform"], ["load", "point-to-point-basic"], ["probe"]]) {
      const { status, out, err } = await said(...command, "--target", file, "--out", `${folder.path}/out`);
      assert.equal(status, 2);
      assert.equal(out, "");
      told.add(err.replaceAll(/-->.*?(lib\/cli\/)/g, "--> $1"));
    }
    assert.equal(told.size, 1);
    assert.equal(await exists("CANARY"), false);
    await golden(new URL(`testdata/golden/refused_${name}.txt`, import.meta.url), `${[...told].join()}\n`);
  });
}

Deno.test("the user can allow such a file to start the program, and that one only", async () => {
  await using folder = new TestFolder();
  const text = await Deno.readTextFile(new URL("deno_eval.yaml", FILES));
  const file = folder.write("deno_eval.yaml", text.replaceAll("CANARY", `${folder.path}/canary`));
  const conform = (...allowed: readonly string[]) =>
    said("conform", "mqtt/ping", "--target", file, "--out", `${folder.path}/out`, ...allowed);
  const half = await conform("--allow-start", "deno");
  assert.equal(half.status, 2);
  assert.match(half.err, /this file starts "\{deno\}"[^]*--allow-start '\{deno\}'/);
  assert.doesNotMatch(half.err, /starts "deno"/);
  assert.equal(await exists(`${folder.path}/canary`), false);
  const whole = await conform("--allow-start", "deno", "--allow-start", "{deno}");
  assert.equal(whole.status, 3);
  assert.equal(await exists(`${folder.path}/canary`), true);
});
