import assert from "node:assert/strict";
import { loadDialect } from "./dialect_file.ts";
import { loadLimits } from "./load_limits.ts";

const HEAD = `dialect: own
title: T
answerMs: 1000
resultMs: 1000
finals: { ok: [OK], error: [ERROR] }
commands:
  +OWNOPEN:
    forms: [write]
    parameters:
      - { name: port, type: int, range: [1, 9] }
      - { name: host, type: string, maxLength: 4, optional: true }
  +OWNCLOSE: { forms: [write], parameters: [{ name: id, type: int, range: [0, 0] }] }
results: {}
limits:
  suite: at/own
  title: Limits
  refusals: { parser: [ERROR] }
  classes:
    lowest: { covers: [] }
    highest: { covers: [] }
    below: { refusal: parser, covers: [ECMT-AT-31] }
    above: { refusal: parser, covers: [ECMT-AT-31] }
`;

const HOW = "  commands:\n    +OWNOPEN: { valid: [1], rest: none is needed, without: { above: wide } }\n";

function load(limits: string) {
  return loadDialect(`${HEAD}${limits}`, "own.yaml");
}

Deno.test("each class that a grammar has is a case, or says why none tries it", () => {
  const { commandSet, problems } = load(`${HOW}  untried: { "+OWNCLOSE": nobody closes }\n`);
  assert.deepEqual(problems, []);
  assert.ok(commandSet?.limits);
  const { suite } = loadLimits(commandSet.limits, "own.yaml");
  assert.deepEqual(suite?.cases.map(({ name, tried }) => [name, tried?.class]), [
    ["ownopen-port-lowest", "lowest"],
    ["ownopen-port-highest", "highest"],
    ["ownopen-port-below", "below"],
  ]);
  const cells = suite?.limits?.map((cell) =>
    `${cell.command} ${cell.parameter} ${cell.class}: ${cell.uncovered ?? "tried"}`
  );
  assert.ok(cells);
  assert.ok(cells.includes("OWNOPEN port below: tried"));
  assert.ok(cells.includes("OWNOPEN port above: wide"));
  assert.ok(cells.includes("OWNOPEN port negative: the dialect does not say what the class must lead to"));
  assert.ok(cells.includes("OWNOPEN host one-longer: none is needed"));
  assert.ok(cells.includes("OWNCLOSE id left-off: nobody closes"));
  assert.equal(new Set(cells.map((cell) => cell.split(":")[0])).size, cells.length);
});

Deno.test("a command whose limits are neither tried nor excused is a mistake of the dialect's file", () => {
  const { commandSet, problems } = load(HOW);
  assert.equal(commandSet, undefined);
  assert.deepEqual(problems.map(({ message, place }) => `${place.line}: ${message}`), [
    "15: no test for the limits of +OWNCLOSE",
  ]);
});
