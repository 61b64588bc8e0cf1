import assert from "node:assert/strict";
import { loadProfile } from "../profile/load_profile.ts";
import { profileOf } from "../plan/test_plan.ts";
import { EXECUTORS } from "./executors.ts";

const RATED = "publish: { topic: t, qos: 1, rate: 10 }";
const UNRATED = "publish: { topic: t, qos: 1 }";
const STAGES = "stages: [{ hold: 2s }]\n";
const SEARCH = "search: { from: 10, to: 20 }\n";

function profile(executor: string, publish: string, more: string): string {
  return `profile: test\ntitle: Test\nexecutor: ${executor}\ngroups: [{ group: p, role: publish, clients: 1, ${publish} }]\n${more}`;
}

function mistakes(text: string): readonly string[] {
  return loadProfile(text, "test.yaml").problems.map(({ message }) => message);
}

Deno.test("each executor has a unique name, which the page on profiles explains", async () => {
  const page = await Deno.readTextFile(new URL("../../../docs/reference/load-profile.md", import.meta.url));
  const names = EXECUTORS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.ok(page.includes(`**\`${name}\`**`), name);
});

Deno.test("a profile without an executor has the first one", () => {
  const text = profile("x", RATED, STAGES).replace("executor: x\n", "");
  assert.equal(profileOf(text).executor.name, EXECUTORS[0].name);
});

Deno.test("an executor reports what a profile lacks for it", () => {
  const cases:
    readonly (readonly [executor: string, publish: string, more: string, found: readonly string[]])[] = [
      ["arrival-rate", RATED, STAGES, []],
      ["arrival-rate", UNRATED, STAGES, ['the group "p" publishes at no rate']],
      ["arrival-rate", RATED, "", ['a profile with the executor arrival-rate without "stages"']],
      ["arrival-rate", RATED, `${STAGES}warm-up: 2s\n`, ["a warm-up of 2s, and all stages together last 2s"]],
      ["closed-loop", UNRATED, STAGES, []],
      ["closed-loop", UNRATED, "", ['a profile with the executor closed-loop without "stages"']],
      ["closed-loop", UNRATED, `${STAGES}warm-up: 3s\n`, [
        "a warm-up of 3s, and all stages together last 2s",
      ]],
      ["search", RATED, SEARCH, []],
      ["search", RATED, STAGES, ['a profile with the executor search without "search"']],
      ["search", UNRATED, SEARCH, ['the group "p" publishes at no rate']],
      ["search", RATED, "search: { from: 20, to: 20 }\n", ["a highest rate that is not above the first"]],
      ["search", RATED, "search: { from: 1, to: 2, hold: 500ms }\n", ["a rate held for less than 1 s"]],
      // A mistake in the keys of another executor is reported too.
      ["closed-loop", UNRATED, `${STAGES}search: { from: 20, to: 20 }\n`, [
        "a highest rate that is not above the first",
      ]],
    ];
  for (const [executor, publish, more, found] of cases) {
    assert.deepEqual(mistakes(profile(executor, publish, more)), found, `${executor}: ${more}`);
  }
});

Deno.test("only a schedule drives a module", () => {
  const text = (executor: string) =>
    `profile: test\ntitle: Test\nexecutor: ${executor}\nmodule: { publish: { rate: 1 } }\n${STAGES}${SEARCH}`;
  assert.deepEqual(mistakes(text("arrival-rate")), []);
  for (const executor of ["closed-loop", "search"]) {
    assert.deepEqual(mistakes(text(executor)), [`the executor ${executor} for a module`]);
  }
});

Deno.test("an executor lays out what is known of the load before it starts", () => {
  const laidOut = (executor: string, publish: string, more: string) => {
    const { planned, segments } = profileOf(profile(executor, publish, more)).executor.layOut(10, 1);
    return [planned.map(({ kind }) => kind), segments.at(-1)?.endMs];
  };
  assert.deepEqual(laidOut("arrival-rate", RATED, STAGES), [["hold"], 2_000]);
  assert.deepEqual(laidOut("closed-loop", UNRATED, STAGES), [["hold"], 2_000]);
  assert.deepEqual(laidOut("search", RATED, SEARCH), [[], undefined]);
});
