import assert from "node:assert/strict";
import { HOME } from "./home.ts";
import { namedSuites } from "./named_suites.ts";
import { PASSES, suiteText, TestFolder } from "./test_folder.ts";

const names = (suites: readonly { readonly name: string }[]) => suites.map(({ name }) => name);

Deno.test("files alone are all that is run, by no pattern", async () => {
  await using folder = new TestFolder();
  const { suites, patterns, known } = await namedSuites([folder.write("own.yaml", suiteText(PASSES))]);
  assert.deepEqual([names(suites), patterns], [["own"], []]);
  assert.ok(known.names.includes("mqtt/ping"));
});

Deno.test("files and patterns together are the suites of both", async () => {
  await using folder = new TestFolder();
  const own = folder.write("own.yaml", suiteText(PASSES));
  const { suites, patterns } = await namedSuites(["mqtt/ping", own]);
  assert.deepEqual([names(suites), patterns], [["mqtt/ping", "own"], ["mqtt/ping", "own"]]);
});

Deno.test("a file of a shipped suite is that suite, once", async () => {
  const path = new URL("suites/mqtt/ping.yaml", HOME).pathname;
  assert.deepEqual(names((await namedSuites([path])).suites), ["mqtt/ping"]);
  assert.deepEqual(names((await namedSuites([path, "mqtt/ping"])).suites), ["mqtt/ping"]);
});

Deno.test("without a name all suites are meant", async () => {
  const { suites, patterns, known } = await namedSuites([]);
  assert.deepEqual(names(suites), known.names);
  assert.deepEqual(patterns, []);
});

Deno.test("a user's folder selects the suites in it and below it, and ignores other files", async () => {
  await using folder = new TestFolder();
  folder.write("a.yaml", suiteText(PASSES, "a"));
  folder.write("below/b.yaml", suiteText(PASSES, "b"));
  folder.write("openings.yaml", "openings: {}\n");
  folder.write("target.yaml", "target: t\n");
  for (const path of [folder.path, `${folder.path}/`]) {
    assert.deepEqual(names((await namedSuites([path])).suites), ["a", "b"]);
  }
  await using empty = new TestFolder();
  await assert.rejects(namedSuites([empty.path]), /^UsageError: The folder ".*" contains no suite; expected/);
});

Deno.test("a folder of shipped suites selects them by its name and by its path", async () => {
  const { suites, patterns } = await namedSuites(["suites/client"]);
  assert.ok(suites.length > 10 && suites.every(({ name }) => name.startsWith("client/")));
  assert.deepEqual(patterns, ["suites/client"]);
});
