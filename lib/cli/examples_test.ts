import assert from "node:assert/strict";
import manifest from "../../deno.json" with { type: "json" };
import { namedSuites } from "../catalog/named_suites.ts";
import { findProfile } from "../catalog/profiles.ts";
import { findTarget } from "../catalog/targets.ts";
import { TestFolder } from "../catalog/test_folder.ts";
import { shellWords } from "../ground/shell_word.ts";
import { COMMANDS } from "./command_table.ts";
import { EXAMPLES } from "./examples.ts";
import { pipe, said } from "./test_screen.ts";

const ALL = Object.values(EXAMPLES).flat().map(([command]) => command);

/** The words after `deno task`, with quotes as a shell reads them. */
function wordsOf(example: string): readonly string[] {
  const words = shellWords(example);
  assert.deepEqual(words.slice(0, 2), ["deno", "task"], example);
  return words.slice(2).filter((word) => word !== "--quiet");
}

Deno.test("the help of each command shows its examples before its arguments and options", async () => {
  for (const name of ["", ...COMMANDS.map(({ name }) => name)]) {
    const { out } = await said(...name === "" ? [] : [name], "--help");
    const [before = "", after] = out.split("\nExamples:\n");
    assert.ok(after, `${name} has no examples`);
    assert.match(before, /^Usage: .*\n\n[A-Z]/);
    assert.doesNotMatch(before, /^(Arguments|Options|Commands):/m);
    for (const [command, does] of EXAMPLES[name] ?? []) {
      assert.ok(after.includes(`  ${command}`) && after.includes(`  ${does}\n`), command);
    }
  }
});

Deno.test("each example is a task with options of its command, and names what ships", async () => {
  for (const example of ALL) {
    const [name = "", ...words] = wordsOf(example);
    assert.ok(Object.hasOwn(manifest.tasks, name), example);
    const entry = COMMANDS.find((one) => one.name === name);
    assert.ok(entry, example);
    if (words.includes("--help")) continue;
    const command = await entry.load(pipe([], []), () => {});
    command.action(() => {});
    await command.parseAsync([...words], { from: "user" });
    const { target } = command.opts();
    for (const one of [target ?? []].flat()) await findTarget(String(one));
    if (name === "load") {
      const { set } = command.opts();
      await findProfile(String(command.args[0]), set instanceof Map ? set : new Map());
    }
    if (["conform", "prove", "list"].includes(name)) await namedSuites(command.args);
  }
});

Deno.test("the examples that need neither a broker of the user nor a minute end with 0, one after the other", async () => {
  await using folder = new TestFolder();
  const quick = ALL.filter((example) =>
    /^deno task (list|lint|report|ports|conform .*results|prove .*--defect)/.test(example) ||
    example.includes("--dry-run")
  );
  assert.ok(quick.length >= 10);
  for (const example of new Set(["deno task conform mqtt/ping --out results/ping", ...quick])) {
    const words = wordsOf(example).map((word) => word.replace(/^results\//, `${folder.path}/`));
    const runs = words.includes("--rerun-failed") || words[0] === "prove";
    const own = runs ? ["--out", `${folder.path}/again`] : [];
    const { status, err } = await said(...words, ...own);
    assert.equal(status, 0, `${example}: ${err}`);
  }
});
