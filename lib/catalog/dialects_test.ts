import assert from "node:assert/strict";
import { dialectsOf, readDialect } from "./dialects.ts";
import { findTarget, findTargets } from "./targets.ts";
import { TestFolder } from "./test_folder.ts";

Deno.test("dialectsOf() reads the dialects of the module targets, by their names", async () => {
  const { dialect, operations } = await dialectsOf(await findTargets(["reference", "virtual-module", "qmt"]));
  assert.equal(dialect("ecmt").name, "ecmt");
  assert.equal(dialect("qmt").name, "qmt");
  assert.ok((operations("qmt")?.size ?? 0) > 0);
  assert.throws(() => dialect("other"), /Unknown dialect "other"/);
});

Deno.test("dialectsOf() reads nothing for brokers", async () => {
  const { dialect, operations } = await dialectsOf([await findTarget("reference")]);
  assert.equal(operations("ecmt"), undefined);
  assert.throws(() => dialect("ecmt"), /Unknown dialect "ecmt"/);
});

Deno.test("an unknown dialect is reported with the shipped ones", async () => {
  await assert.rejects(readDialect("other"), /Unknown dialect "other"; one of: ecmt, esp, qmt, simcom$/);
});

Deno.test("a missing dialect is reported at the line of the target that names it", async () => {
  await using folder = new TestFolder();
  const text = "target: one\ntitle: T\ntests: module\nstart: { embedded: virtual-module }\ndialect: none\n";
  const target = await findTarget(folder.write("one.yaml", text));
  await assert.rejects(
    dialectsOf([target]),
    /^UsageError: error: unknown dialect "none"\n --> .*\/one\.yaml:5:10\n5 \| dialect: none\n.*one of: ecmt, esp, qmt, simcom/,
  );
});
