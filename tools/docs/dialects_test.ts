import assert from "node:assert/strict";
import { loadDialect } from "../../lib/suite/dialect/dialect_file.ts";
import { CLASS_NAMES } from "../../lib/suite/dialect/limit_classes.ts";
import { INDICATIONS, REQUESTS } from "../../lib/suite/step/operation.ts";

const DOCS = new URL("../../docs/", import.meta.url);
const reference = await Deno.readTextFile(new URL("reference/suite-language.md", DOCS));

for (const [arrow, specs] of [["->", REQUESTS], ["<-", INDICATIONS]] as const) {
  for (const [name, { about, fields }] of specs) {
    Deno.test(`the suite language's page has the operation ${name} with its fields`, () => {
      const row = reference.split("\n").find((line) => line.startsWith(`| \`dte ${arrow} ${name}\` |`));
      assert.ok(row, "there is no row");
      assert.ok(row.includes(about), row);
      assert.deepEqual([...row.matchAll(/`(\w+)`(?: \(|, | \|)/g)].map(([, field]) => field), [
        ...fields.keys(),
      ]);
    });
  }
}

Deno.test("the suite language's page has every boundary class, and no other", () => {
  const [, section = ""] = reference.split("| class | of | the parameter is |\n|---|---|---|\n");
  const [table = ""] = section.split("\n\n");
  const classes = table.split("\n").flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`([a-z-]+)`/g)].map(([, name]) => name)
  );
  assert.deepEqual(classes.toSorted(), CLASS_NAMES.toSorted());
});

Deno.test("the dialect that the how-to page writes is one", async () => {
  const page = await Deno.readTextFile(new URL("how-to/dialect.md", DOCS));
  const [, text = ""] = /```yaml\n(dialect: [^]*?)```/.exec(page) ?? [];
  const { commandSet, problems } = loadDialect(text, "own.yaml");
  assert.deepEqual(problems, []);
  assert.equal(commandSet?.dialect.name, "own");
  assert.deepEqual(
    [...commandSet?.operations.keys() ?? []].filter((name) => !page.includes(`  ${name}:`)),
    [],
  );
});
