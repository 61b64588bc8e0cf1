import assert from "node:assert/strict";
import { findProfile, profileNames } from "./profiles.ts";
import { TestFolder } from "./test_folder.ts";
import { HOME } from "./home.ts";

const NOTHING = new Map<string, string>();

Deno.test("every profile that ships is found by its name, and has it", async () => {
  for (const name of await profileNames()) assert.equal((await findProfile(name, NOTHING)).name, name);
});

Deno.test("a profile is a file too, with values and the length of its last stage in the place of its own", async () => {
  await using folder = new TestFolder();
  const text = await Deno.readTextFile(new URL("suites/load/fan-out-basic.yaml", HOME));
  const path = folder.write("mine.yaml", text);
  const profile = await findProfile(path, new Map([["subscribers", "3"]]), 7_000);
  assert.equal(profile.name, "fan-out-basic");
  assert.equal(profile.stages.at(-1)?.ms, 7_000);
  await assert.rejects(findProfile(path, new Map([["subscriber", "3"]])), /subscriber[^]*Nothing was run$/);
});

Deno.test("an unknown profile is told with the nearest name, or with all", async () => {
  await assert.rejects(findProfile("fan-out-basik", NOTHING), /did you mean fan-out-basic\?$/);
  await assert.rejects(
    findProfile("x", NOTHING),
    /"deno task list --profiles" shows those that ship, and the path of a file will do too$/,
  );
  await assert.rejects(findProfile("./none.yaml", NOTHING), /There is no file "none\.yaml"$/);
});
