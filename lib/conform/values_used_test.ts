import assert from "node:assert/strict";
import { toValue, type Value } from "../spec/value.ts";
import { readYaml } from "../spec/yaml.ts";
import type { PlannedCase } from "./plan.ts";
import { valuesUsed } from "./values_used.ts";

function value(text: string): Value {
  const { root } = readYaml(text, "f");
  assert.ok(root);
  return toValue(root, () => assert.fail("no problem"));
}

function planned(values: readonly (readonly [string, Value])[], skip?: string): PlannedCase {
  return { case: { values }, protocol: "ECMT", iteration: 1, skip } as unknown as PlannedCase;
}

Deno.test("the values of a target are those that its cases use, each with where it comes from", () => {
  const own = new Map([["hostMax", value("127")], ["unused", value("1")]]);
  const cases = [
    planned([["textMax", value("1024")], ["hostMax", value("100")], ["ids", value("[0, 1]")]]),
    planned([["textMax", value("1024")]]),
    planned([["skipped", value("3")]], "The target does not claim it"),
  ];
  assert.deepEqual(valuesUsed({ supports: [], values: own }, cases, new Map([["textMax", value("700")]])), [
    { name: "hostMax", value: "127", from: "target" },
    { name: "ids", value: "[0, 1]", from: "suites" },
    { name: "textMax", value: "700", from: "command line" },
  ]);
});
