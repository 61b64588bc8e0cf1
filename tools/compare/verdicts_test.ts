import assert from "node:assert/strict";
import { differences } from "./verdicts.ts";

const one = (id: string, verdict: string, protocol = "3.1.1") => ({ id, target: "t", protocol, verdict });

Deno.test("differences() returns nothing for two runs with the same cases and verdicts, in any order", () => {
  assert.deepEqual(
    differences([one("a", "pass"), one("b", "fail")], [one("b", "fail"), one("a", "pass")]),
    [],
  );
});

Deno.test("differences() returns a changed verdict, a new case and a missing one", () => {
  const before = [one("a", "pass"), one("gone", "pass"), one("a", "pass", "5.0")];
  const after = [one("a", "fail"), one("new", "skip"), one("a", "pass", "5.0")];
  assert.deepEqual(differences(before, after), [
    "t 3.1.1 a: pass -> fail",
    "t 3.1.1 gone: pass -> absent",
    "t 3.1.1 new: absent -> skip",
  ]);
});
