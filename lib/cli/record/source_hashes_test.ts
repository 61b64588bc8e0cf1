import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { sourceHashes } from "./source_hashes.ts";
import { SuiteReader } from "../../catalog/suite_reader.ts";
import { findTarget } from "../../catalog/targets.ts";
import { PASSES, suiteText, TestFolder } from "../../catalog/test_folder.ts";
import { pathToFileURL } from "node:url";

Deno.test("each file of a run is listed with the SHA-256 of its bytes, openings and dialect too", async () => {
  await using folder = new TestFolder();
  const path = folder.write("own.yaml", suiteText(PASSES));
  folder.write("openings.yaml", "openings: {}\n");
  const { suites } = await new SuiteReader().suite(pathToFileURL(path));
  const sources = await sourceHashes(suites, [await findTarget("ec616s")], []);
  const of = (what: string) =>
    sources.filter((one) => one.what === what).map(({ file }) => file.split("/").at(-1));
  assert.deepEqual(of("suite"), ["own.yaml"]);
  assert.deepEqual(of("openings"), ["openings.yaml"]);
  assert.deepEqual(of("dialect"), ["ecmt.yaml"]);
  assert.deepEqual(of("target"), ["ec616s.yaml"]);
  const own = sources.find(({ what }) => what === "suite");
  assert.equal(own?.sha256, createHash("sha256").update(Deno.readFileSync(path)).digest("hex"));
});
