import assert from "node:assert/strict";
import { type ExpectationOptions, readKnown } from "./expectations.ts";
import { Suites } from "./suites.ts";
import { findTarget, type NamedTarget } from "./targets.ts";
import { TestFolder } from "./test_folder.ts";

function targetText(name: string, expectations?: string): string {
  const known = expectations === undefined ? "" : `expectations: ${expectations}\n`;
  return `target: ${name}\ntitle: T\ntests: broker\nstart: { embedded: reference-broker }\nprotocols: ['3.1.1']\n${known}`;
}

function knownText(target: string, id: string): string {
  return `target: ${target}\nexpect: [{ case: ${id}, verdict: fail, reason: r }]\n`;
}

const everything = () => true;

async function idsByTarget(
  targets: readonly NamedTarget[],
  options: ExpectationOptions,
  known: (id: string) => boolean = everything,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const { byTarget } = await readKnown(targets, options, known);
  return Object.fromEntries([...byTarget].map(([name, all]) => [name, all.map((one) => one.case)]));
}

Deno.test("each target has the deviations of its own file, which lies relative to the target's", async () => {
  await using folder = new TestFolder();
  folder.write("known/one.yaml", knownText("one", "mqtt/ping/answered"));
  const one = await findTarget(folder.write("targets/one.yaml", targetText("one", "../known/one.yaml")));
  const two = await findTarget(folder.write("targets/two.yaml", targetText("two")));
  assert.deepEqual(await idsByTarget([one, two], {}), { one: ["mqtt/ping/answered"] });
  assert.deepEqual(await idsByTarget([one, two], { expect: false }), {});
});

Deno.test("a file of --expect is for the only target, or for the one that it names", async () => {
  await using folder = new TestFolder();
  const one = await findTarget(folder.write("one.yaml", targetText("one")));
  const two = await findTarget(folder.write("two.yaml", targetText("two")));
  const expect = folder.write("known.yaml", knownText("two", "mqtt/ping/answered"));
  assert.deepEqual(await idsByTarget([one], { expect }), { one: ["mqtt/ping/answered"] });
  assert.deepEqual(await idsByTarget([one, two], { expect }), { two: ["mqtt/ping/answered"] });
  const other = folder.write("other.yaml", knownText("third", "mqtt/ping/answered"));
  await assert.rejects(
    idsByTarget([one, two], { expect: other }),
    /is for the target "third", but this run has one and two/,
  );
  const none = `${folder.path}/none.yaml`;
  await assert.rejects(idsByTarget([one], { expect: none }), /There is no file ".*none\.yaml"/);
  await assert.rejects(
    idsByTarget([one, two], { expect: none, updateExpect: true }),
    /can be written for one target only, but this run has one and two; add --target/,
  );
});

Deno.test("a missing expectation file is reported at the line of the target that names it", async () => {
  await using folder = new TestFolder();
  const target = await findTarget(folder.write("one.yaml", targetText("one", "none.yaml")));
  await assert.rejects(
    idsByTarget([target], {}),
    /^UsageError: error: there is no file ".*\/none\.yaml"\n --> .*\/one\.yaml:6:15\n6 \| expectations: none\.yaml\n/,
  );
});

Deno.test("of a part of the suites, ids are refused that no suite can have", async () => {
  await using folder = new TestFolder();
  const target = await findTarget(folder.write("one.yaml", targetText("one")));
  const suites = await Suites.find();
  await suites.matching(["mqtt/ping"]);
  const read = (id: string) =>
    idsByTarget(
      [target],
      { expect: folder.write("known.yaml", knownText("one", id)) },
      (id) => suites.mayHave(id),
    );
  assert.deepEqual(await read("mqtt/ping/answered"), { one: ["mqtt/ping/answered"] });
  assert.deepEqual(await read("mqtt/qos2/whatever"), { one: ["mqtt/qos2/whatever"] });
  await assert.rejects(read("mqtt/ping/whatever"), /no case has the id "mqtt\/ping\/whatever"/);
  await assert.rejects(read("mqtt/qos3/whatever"), /no case has the id "mqtt\/qos3\/whatever"/);
  await suites.all();
  await assert.rejects(read("mqtt/qos2/whatever"), /no case has the id "mqtt\/qos2\/whatever"/);
});

Deno.test("every shipped expectation file names existing cases", async () => {
  const suites = await Suites.find();
  await suites.all();
  const targets = await Promise.all(["mosquitto", "ec616s"].map((name) => findTarget(name)));
  const { byTarget } = await readKnown(targets, {}, (id) => suites.mayHave(id));
  assert.deepEqual([...byTarget.keys()], ["mosquitto", "ec616s"]);
});
