import assert from "node:assert/strict";
import { findProfile, profileNames } from "./profiles.ts";
import { TestFolder } from "./test_folder.ts";
import { HOME } from "./home.ts";

const NOTHING = new Map<string, string>();

Deno.test("every shipped profile is found by its name, and has it", async () => {
  for (const name of await profileNames()) assert.equal((await findProfile(name, NOTHING)).name, name);
});

Deno.test("a profile can be a file, with overridden values and length of the last stage", async () => {
  await using folder = new TestFolder();
  const text = await Deno.readTextFile(new URL("suites/load/fan-out-basic.yaml", HOME));
  const path = folder.write("mine.yaml", text);
  const profile = await findProfile(path, new Map([["subscribers", "3"]]), 7_000);
  assert.equal(profile.name, "fan-out-basic");
  assert.equal(profile.stages.at(-1)?.ms, 7_000);
  await assert.rejects(findProfile(path, new Map([["subscriber", "3"]])), /subscriber[^]*Nothing was run$/);
});

Deno.test("an unknown profile is reported with the nearest name, or with a hint", async () => {
  await assert.rejects(findProfile("fan-out-basik", NOTHING), /did you mean fan-out-basic\?$/);
  await assert.rejects(
    findProfile("x", NOTHING),
    /"deno task list --profiles" shows the shipped ones; the path of a file is allowed too$/,
  );
  await assert.rejects(findProfile("./none.yaml", NOTHING), /There is no file "none\.yaml"$/);
});
