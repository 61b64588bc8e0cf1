import assert from "node:assert/strict";
import { golden } from "../../../tools/golden.ts";
import { formatProblems } from "../../spec/problem.ts";
import { loadDialect } from "./dialect_file.ts";
import { INDICATIONS, OPERATION_NAMES, REQUESTS } from "../step/operation.ts";

const BAD = new URL("./testdata/bad_dialects/", import.meta.url);
const DIALECTS = new URL("../../../suites/at/dialects/", import.meta.url);

const names = [...Deno.readDirSync(BAD)].map(({ name }) => name).filter((name) => name.endsWith(".yaml"))
  .sort();

for (const name of names) {
  Deno.test(`loadDialect() reports what is wrong in ${name}`, async () => {
    const text = await Deno.readTextFile(new URL(name, BAD));
    const { commandSet, problems } = loadDialect(text, name);
    assert.equal(commandSet, undefined);
    assert.ok(problems.length > 0);
    await golden(
      new URL(name.replace(/yaml$/, "txt"), BAD),
      formatProblems(problems, new Map([[name, text]])),
    );
  });
}

for (const name of ["ecmt", "qmt"]) {
  Deno.test(`the dialect ${name} has every operation but those it has no word for`, async () => {
    const file = `${name}.yaml`;
    const { commandSet, problems } = loadDialect(await Deno.readTextFile(new URL(file, DIALECTS)), file);
    assert.deepEqual(problems, []);
    // No module speaks 5.0.
    const asked = OPERATION_NAMES.filter((each) => each !== "auth" && each !== "challenged");
    const lacking = asked.filter((each) => !commandSet?.operations.has(each));
    assert.deepEqual(lacking, name === "ecmt" ? ["publishCounted", "retried"] : []);
    assert.equal(commandSet?.dialect.name, name);
  });
}

Deno.test("no operation is a request and an indication at once, and each says in a line what it is", () => {
  assert.deepEqual([...REQUESTS.keys()].filter((name) => INDICATIONS.has(name)), []);
  for (const [name, { about, fields }] of [...REQUESTS, ...INDICATIONS]) {
    assert.match(about, /^[a-zA-Z].{5,}[^.]$/, name);
    for (const field of fields.values()) assert.ok(field.about, name);
  }
});

Deno.test("loadDialect() reports the place of a variable, and of bytes that cannot be built", () => {
  const told = (value: string) =>
    loadDialect(`dialect: x\ncommands: ${value}\n`, "x.yaml").problems.map(({ message, place }) =>
      `${place.line}:${place.column} ${message}`
    );
  assert.deepEqual(told("$a.b.c"), ['2:11 unknown variable "$a"']);
  assert.deepEqual(told("[{ hex: zz }]"), ["2:19 expected pairs of hex digits"]);
  assert.deepEqual(told("{ repeat: x, times: 1000000000 }"), [
    "2:11 1000000000 bytes exceed the limit of 268435455",
  ]);
});
