import assert from "node:assert/strict";
import { shippedSuiteFiles } from "./suite_files.ts";
import { readSuites } from "./suites.ts";

Deno.test("shippedSuiteFiles() names every suite as its file does, those of dialects too", async () => {
  const { suites, problems } = await readSuites();
  assert.deepEqual(problems, []);
  assert.deepEqual((await shippedSuiteFiles()).map(({ name }) => name), suites.map(({ name }) => name));
});

Deno.test("shippedSuiteFiles() finds suites only, each once", async () => {
  const files = await shippedSuiteFiles();
  assert.equal(new Set(files.map(({ name }) => name)).size, files.length);
  for (const name of ["mqtt/qos2", "at/pub", "client/will", "at/limits"]) {
    assert.ok(files.some((file) => file.name === name), name);
  }
  assert.deepEqual(files.filter(({ url }) => /openings|uncovered|\/targets\/|\/load\//.test(url.href)), []);
});
