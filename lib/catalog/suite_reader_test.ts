import assert from "node:assert/strict";
import { dialectFile } from "./dialects.ts";
import { SuiteReader } from "./suite_reader.ts";
import { PASSES, suiteText, TestFolder } from "./test_folder.ts";
import { pathToFileURL } from "node:url";

const USES =
  "  - { case: used, purpose: it MUST ping, use: { hello: {} }, steps: [c -> PINGREQ, c <- PINGRESP] }\n";

function openings(name: string): string {
  return `openings: { ${name}: { lanes: [lane], with: { lane: c }, steps: [$lane -> CONNECT, $lane <- CONNACK] } }\n`;
}

Deno.test("a suite has the openings of its folder, which are read once for all suites of it", async () => {
  await using folder = new TestFolder();
  folder.write("openings.yaml", openings("hello"));
  const [first, second] = ["a", "b"].map((name) => folder.write(`${name}.yaml`, suiteText(USES, name)));
  const reader = new SuiteReader();
  const read = await reader.suite(pathToFileURL(first ?? ""));
  assert.deepEqual(read.problems, []);
  assert.equal(read.suites[0]?.cases[0]?.steps.length, 4);
  assert.equal(read.sources.size, 2);

  folder.write("openings.yaml", openings("bye"));
  assert.deepEqual((await reader.suite(pathToFileURL(second ?? ""))).problems, []);
  const [problem] = (await new SuiteReader().suite(pathToFileURL(second ?? ""))).problems;
  assert.equal(problem?.message, 'unknown opening "hello"');
});

Deno.test("a mistake in a folder's openings is one of each suite that is read with them", async () => {
  await using folder = new TestFolder();
  folder.write("openings.yaml", "openings: { a: { stepz: [] } }\n");
  const path = folder.write("own.yaml", suiteText(PASSES));
  const { suites, problems } = await new SuiteReader().suite(pathToFileURL(path));
  assert.deepEqual(suites, []);
  assert.ok(problems.length > 0);
  assert.ok(problems.every(({ place }) => place.file.endsWith("openings.yaml")));
});

Deno.test("clauses that a suite covers must be there", async () => {
  await using folder = new TestFolder();
  const text = suiteText("  - { case: a, purpose: p, covers: [MQTT-9.9.9-9], steps: [c -> CONNECT] }\n");
  const { problems } = await new SuiteReader().suite(pathToFileURL(folder.write("own.yaml", text)));
  assert.match(problems[0]?.message ?? "", /^no clause "MQTT-9\.9\.9-9" in 3\.1\.1$/);
});

Deno.test("a dialect with limits makes a suite, and one without makes none", async () => {
  const reader = new SuiteReader();
  const suiteOf = async (name: string) => (await reader.suiteOfDialect(dialectFile(name))).suites;
  const [suite] = await suiteOf("ecmt");
  assert.equal(suite?.name, "at/limits");
  assert.equal(suite?.cases[0]?.protocols[0], "ECMT");
  assert.deepEqual((await suiteOf("qmt")).map(({ name }) => name), ["qmt/limits"]);
  assert.equal((await suiteOf("simcom")).length, 0);
});
