import assert from "node:assert/strict";
import { invocation, type Manifest, readWords } from "./invocation.ts";

const MANIFEST: Manifest = {
  tasks: {
    conform: { command: "deno run -P=conform --v8-flags=--max-semi-space-size=8 main.js conform" },
    list: { command: "deno run --quiet -P=read main.js list" },
    compare: { command: "deno run -P=read tools/compare/verdicts.js" },
  },
  permissions: { conform: { read: true, write: ["."], run: ["deno"] }, read: { read: true } },
};
const HOME = "/opt/attest";
const ALWAYS = ["run", "--quiet", "--no-prompt", "--cached-only", "--config=/opt/attest/deno.json"];

function args(...words: string[]): readonly string[] {
  return invocation(MANIFEST, HOME, readWords(words)).args;
}

Deno.test("invocation() starts the script of a task with the flags and the set of the task", () => {
  assert.deepEqual(args("conform", "own.yaml", "--out", "x"), [
    ...ALWAYS,
    "--v8-flags=--max-semi-space-size=8",
    "--allow-read",
    "--allow-write=.",
    "--allow-run=deno",
    "/opt/attest/main.js",
    "conform",
    "own.yaml",
    "--out",
    "x",
  ]);
  assert.deepEqual(args("compare", "a", "b"), [
    ...ALWAYS,
    "--allow-read",
    "/opt/attest/tools/compare/verdicts.js",
    "a",
    "b",
  ]);
});

Deno.test("invocation() passes on what begins with no command, with permission to read only", () => {
  for (const words of [[], ["--version"], ["comform", "x"], ["constructor"]]) {
    assert.deepEqual(args(...words), [...ALWAYS, "--allow-read", "/opt/attest/main.js", ...words]);
  }
});

Deno.test("invocation() refuses a task without a permission set", () => {
  const tasks = { all: { command: "deno run -A main.js all" } };
  assert.throws(
    () => invocation({ ...MANIFEST, tasks }, HOME, readWords(["all"])),
    /"all" of deno.json names no permission set/,
  );
});

Deno.test("readWords() takes its options before the command only", () => {
  assert.deepEqual(readWords(["--allow-run=a,b", "--show-permissions", "conform", "--allow-run=c"]), {
    show: true,
    programs: ["a", "b"],
    rest: ["conform", "--allow-run=c"],
  });
});

Deno.test("readWords() takes an empty --allow-run= for no program", () => {
  assert.deepEqual(readWords(["--allow-run=", "conform"]).programs, []);
  assert.ok(!args("--allow-run=", "list").some((word) => word.startsWith("--allow-run")));
});
