import assert from "node:assert/strict";
import { dialectsOf } from "../catalog/dialects.ts";
import { namedSuites } from "../catalog/named_suites.ts";
import { findTargets } from "../catalog/targets.ts";
import { conform } from "../conform/conform.ts";

Deno.test("the cases of all suites break exactly the rules that they name", async () => {
  const { suites } = await namedSuites([]);
  const broken = new Map<string, Set<string>>();
  const ran = new Set<string>();
  const run = async (names: readonly string[], patterns: readonly string[]) => {
    const targets = await findTargets(names);
    await conform({
      targets: targets.map(({ file }) => file),
      plan: { suites, selection: { patterns }, dialects: await dialectsOf(targets) },
      record: { version: "0", command: [], environment: {} },
      seed: 1,
      signal: new AbortController().signal,
      emit: (event) => {
        if (event.kind === "case-started") ran.add(nameOf(event.id));
      },
      onBroken(id, _protocol, rule) {
        const rules = broken.get(nameOf(id)) ?? new Set();
        broken.set(nameOf(id), rules.add(rule));
      },
    });
  };
  await run(["reference", "virtual-module", "qmt"], []);
  // What the scripted broker breaks in 5.0, which no module speaks.
  await run(["virtual-client"], ["client/*"]);
  // Cases for limits and methods that the reference broker does not have.
  await run(["reference-secured"], ["mqtt/authentication-exchange", "mqtt/aliases/none-announced*"]);
  await run(["reference-limited", "reference-talkative"], ["mqtt/limits"]);
  const cases = new Map(suites.flatMap((suite) => suite.cases.map((one) => [nameOf(one.id), one] as const)));
  const wrong = [...cases].filter(([name]) => ran.has(name)).flatMap(([name, { breaks }]) => {
    const found = [...broken.get(name) ?? []].sort();
    return found.join() === [...breaks].sort().join()
      ? []
      : [`${name} names [${breaks}] and breaks [${found}]`];
  });
  assert.ok(ran.size > 700, `only ${ran.size} cases ran`);
  assert.deepEqual(wrong, []);
});

/** The id of a case without its row. */
function nameOf(id: string): string {
  return id.replace(/\[.*$/, "");
}
