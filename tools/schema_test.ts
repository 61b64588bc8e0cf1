import assert from "node:assert/strict";
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "yaml";
import { SCHEMAS, schemaText } from "../lib/cli/commands/schema.ts";
import { golden } from "./golden.ts";

const ROOT = new URL("../", import.meta.url);

const validators = new Map<string, ValidateFunction>();

/** Compiles a validator for a schema file; throws if the schema itself is invalid. */
function validator(name: string): ValidateFunction {
  const known = validators.get(name);
  if (known) return known;
  const schema = SCHEMAS.get(name);
  assert.ok(schema);
  const made = new Ajv2020({ strict: false }).compile(JSON.parse(schemaText(schema)));
  validators.set(name, made);
  return made;
}

for (const [name, schema] of SCHEMAS) {
  Deno.test(`docs/schema/${name} is fresh`, () =>
    golden(new URL(`docs/schema/${name}`, ROOT), schemaText(schema)));
}

Deno.test("the schema of suites fits every shipped suite", async () => {
  const suite = validator("suite.schema.json");
  const openings = validator("openings.schema.json");
  let files = 0;
  for (const folder of ["suites/at/", "suites/mqtt/"]) {
    for await (const { name, isFile } of Deno.readDir(new URL(folder, ROOT))) {
      if (!isFile || !name.endsWith(".yaml")) continue;
      files++;
      const data: unknown = parse(await Deno.readTextFile(new URL(folder + name, ROOT)), { schema: "core" });
      const fits = name === "openings.yaml" ? openings : suite;
      assert.ok(fits(data), `${folder}${name}: ${JSON.stringify(fits.errors?.slice(0, 5), undefined, 2)}`);
    }
  }
  assert.ok(files > 2);
});

Deno.test("the schema of targets fits every shipped target", async () => {
  const fits = validator("target.schema.json");
  for await (const { name } of Deno.readDir(new URL("suites/targets/", ROOT))) {
    const data: unknown = parse(await Deno.readTextFile(new URL(`suites/targets/${name}`, ROOT)));
    assert.ok(fits(data), `${name}: ${JSON.stringify(fits.errors?.slice(0, 5), undefined, 2)}`);
  }
});

Deno.test("the schema of profiles fits every shipped profile", async () => {
  const fits = validator("profile.schema.json");
  for await (const { name } of Deno.readDir(new URL("suites/load/", ROOT))) {
    const data: unknown = parse(await Deno.readTextFile(new URL(`suites/load/${name}`, ROOT)));
    assert.ok(fits(data), `${name}: ${JSON.stringify(fits.errors?.slice(0, 5), undefined, 2)}`);
  }
});

const WRONG: Readonly<Record<string, string>> = {
  "an unknown key":
    "suite: a\ntitle: A\nprotocol: []\ncases: [{ case: a, purpose: b, steps: [pub -> CONNECT] }]",
  "a missing title": "suite: a\ncases: [{ case: a, purpose: b, steps: [pub -> CONNECT] }]",
  "an unknown packet": "suite: a\ntitle: A\ncases: [{ case: a, purpose: b, steps: [{ pub -> CONECT: {} }] }]",
  "an unknown field":
    "suite: a\ntitle: A\ncases: [{ case: a, purpose: b, steps: [{ pub -> PUBLISH: { topik: a } }] }]",
  "a field out of range":
    "suite: a\ntitle: A\ncases: [{ case: a, purpose: b, steps: [{ pub -> PUBLISH: { qos: 4 } }] }]",
  "a duration without unit": "suite: a\ntitle: A\ncases: [{ case: a, purpose: b, steps: [{ wait: 5 }] }]",
  "two keys in a step":
    "suite: a\ntitle: A\ncases: [{ case: a, purpose: b, steps: [{ wait: 5s, drop: pub }] }]",
};

for (const [what, text] of Object.entries(WRONG)) {
  Deno.test(`the schema of suites refuses ${what}`, () => {
    assert.equal(validator("suite.schema.json")(parse(text)), false);
  });
}
