import assert from "node:assert/strict";
import { fileKind, wrongKind } from "./file_kind.ts";

Deno.test("fileKind() knows each kind of file by its first key, below comments too", () => {
  for (
    const [text, kind, line] of [
      ["# c\nsuite: a\nopenings: {}\ncases: []\n", "suite", 2],
      ["profile: a\n", "profile", 1],
      ["target: a\ntests: broker\n", "target", 1],
      ["target: a\nexpect: []\n", "expectations", 1],
      ["\ndialect: a\n", "dialect", 2],
      ["openings:\n  a: {}\n", "openings", 1],
      ["uncovered: {}\n", "uncovered", 1],
    ] as const
  ) {
    assert.deepEqual(fileKind(text), { kind, line });
  }
  for (const none of ["", "name: a\n", "  suite: a\n", "title: T\ncases: []\nopenings: {}\n"]) {
    assert.equal(fileKind(none), undefined, none);
  }
});

Deno.test("wrongKind() says what a file of another kind is for, and lets a file pass that says nothing", () => {
  const wrong = wrongKind("suite", "# c\nprofile: a\n", "my own/a.yaml");
  assert.deepEqual(wrong, {
    message: "expected a suite, found a load profile",
    place: { file: "my own/a.yaml", line: 2, column: 1, length: 7 },
    hint: "run it: deno task load 'my own/a.yaml'",
  });
  assert.equal(wrongKind("suite", "suite: a\n", "a.yaml"), undefined);
  assert.equal(wrongKind("suite", "cases: []\n", "a.yaml"), undefined);
});
