import assert from "node:assert/strict";
import { Suites } from "./suites.ts";
import { PASSES, suiteText, TestFolder } from "./test_folder.ts";
import { UsageError } from "./usage_error.ts";

/** Whether a suite was read: for an unread suite every id may exist. */
const wasRead = (suites: Suites, name: string) => !suites.mayHave(`${name}/no-such-case`);

Deno.test("matching() reads the suites that a pattern could mean, and no other", async () => {
  const patterns: readonly (readonly [pattern: string, read: readonly string[], not: readonly string[]])[] = [
    ["mqtt/qos2", ["mqtt/qos2"], ["mqtt/qos1", "at/pub", "at/limits"]],
    ["mqtt/ping/answered", ["mqtt/ping"], ["mqtt/qos2"]],
    ["mqtt/ping/ans*", ["mqtt/ping"], ["mqtt/qos2"]],
    ["mqtt/qos*", ["mqtt/qos0", "mqtt/qos1", "mqtt/qos2"], ["mqtt/ping", "client/will"]],
    ["client", ["client/will", "client/cuts"], ["mqtt/wills"]],
    ["at/limits", ["at/limits"], ["at/pub"]],
  ];
  for (const [pattern, read, not] of patterns) {
    const suites = await Suites.find();
    const found = (await suites.matching([pattern])).map(({ name }) => name);
    for (const name of read) assert.ok(found.includes(name) && wasRead(suites, name), `${pattern}: ${name}`);
    for (const name of not) assert.equal(wasRead(suites, name), false, `${pattern}: ${name}`);
  }
});

Deno.test("matching() without patterns reads all", async () => {
  const suites = await Suites.find();
  const all = await suites.matching([]);
  assert.deepEqual(all.map(({ name }) => name), suites.names);
  assert.equal(await suites.all().then(({ length }) => length), all.length);
});

Deno.test("a pattern without a match is reported with the nearest name, even if nothing was read", async () => {
  const suites = await Suites.find();
  await assert.rejects(suites.matching(["mqtt/pingg", "at/*"]), (error) => {
    assert.ok(error instanceof UsageError);
    assert.equal(
      error.message,
      'Unknown suite or case "mqtt/pingg"; did you mean mqtt/ping?\n"deno task list" shows the suites and cases',
    );
    return true;
  });
  assert.equal(wasRead(suites, "mqtt/ping"), false);
  await assert.rejects(
    suites.matching(["mqtt/ping/no-such-case"]),
    /Unknown suite or case "mqtt\/ping\/no-such-case"/,
  );
});

Deno.test("mayHave() knows the cases of what was read, and of the rest the suites", async () => {
  const suites = await Suites.find();
  await suites.matching(["mqtt/ping"]);
  assert.equal(suites.mayHave("mqtt/ping/answered"), true);
  assert.equal(suites.mayHave("mqtt/ping/unanswered"), false);
  assert.equal(suites.mayHave("mqtt/qos2/anything"), true);
  assert.equal(suites.mayHave("mqtt/qos3/anything"), false);
  await suites.all();
  assert.equal(suites.mayHave("mqtt/qos2/anything"), false);
});

Deno.test("a user's suite replaces a shipped one of the same name", async () => {
  await using folder = new TestFolder();
  const suites = await Suites.find([folder.write("ping.yaml", suiteText(PASSES, "mqtt/ping"))]);
  assert.deepEqual(suites.own.map(({ name }) => name), ["mqtt/ping"]);
  const found = await suites.matching(["mqtt/ping"]);
  assert.deepEqual(found.flatMap(({ cases }) => cases.map(({ id }) => id)), ["mqtt/ping/passes"]);
  assert.equal(suites.names.filter((name) => name === "mqtt/ping").length, 1);
});

Deno.test("two files with one suite are refused, and one file that is named twice is read once", async () => {
  await using folder = new TestFolder();
  const [a, b] = ["a", "b"].map((name) => folder.write(`${name}.yaml`, suiteText(PASSES)));
  assert.ok(a !== undefined && b !== undefined);
  assert.equal((await Suites.find([a, a])).own.length, 1);
  await assert.rejects(
    Suites.find([a, b]),
    /^UsageError: The suite "own" is in ".*a\.yaml" and in ".*b\.yaml"$/,
  );
});

Deno.test("mistakes in the user's files are reported with their number, each once", async () => {
  await using folder = new TestFolder();
  folder.write("openings.yaml", "openings: { a: { stepz: [] } }\n");
  const paths = ["a", "b"].map((name) => folder.write(`${name}.yaml`, suiteText(PASSES, name)));
  await assert.rejects(Suites.find(paths), (error) => {
    assert.ok(error instanceof UsageError);
    assert.equal(error.message.match(/^error: /gm)?.length, 2);
    assert.match(error.message, /\n2 mistakes; nothing was run$/);
    return true;
  });
});
