import assert from "node:assert/strict";
import { asText, evaluate } from "../../spec/evaluate.ts";
import { formatProblems } from "../../spec/problem.ts";
import { Scope } from "../../spec/scope.ts";
import { loadSuite } from "./load.ts";
import type { Case } from "./model.ts";

function rows(keys: string, purpose = "it MUST work"): readonly Case[] {
  const text = `suite: d\ntitle: D\nprotocols: ["5.0"]\ncases:\n  - case: one\n    purpose: ${purpose}\n${
    keys.split("\n").map((line) => `    ${line}\n`).join("")
  }    steps: [c -> CONNECT]\n`;
  const { suite, problems } = loadSuite(text, "d.yaml");
  assert.ok(suite, formatProblems(problems, new Map([["d.yaml", text]])));
  return suite.cases;
}

const labels = (cases: readonly Case[]) => cases.map(({ id }) => id.replace(/^d\/one/, ""));

Deno.test("a matrix makes a case of each combination, in order", () => {
  assert.deepEqual(labels(rows("matrix: { qos: [0, 1], retain: [true, false] }")), [
    "[qos=0,retain=true]",
    "[qos=0,retain=false]",
    "[qos=1,retain=true]",
    "[qos=1,retain=false]",
  ]);
});

Deno.test("a table makes a case of each row, labelled by its values or its column row", () => {
  assert.deepEqual(labels(rows("table: [{ filter: a/+, topic: a/b }, { filter: '#', topic: x }]")), [
    "[a/+,a/b]",
    "[#,x]",
  ]);
  assert.deepEqual(labels(rows("table: { columns: [row, n], rows: [[zero, 0], [one, 1]] }")), [
    "[zero]",
    "[one]",
  ]);
});

Deno.test("$row in a purpose is the name of the table's row, without the values of a matrix", () => {
  const table = "matrix: { q: [0, 1] }\ntable: { columns: [row, n], rows: [[zero, 0], [one, 1]] }";
  assert.deepEqual(rows(table, "$row MUST work at $q").slice(0, 2).map(({ purpose }) => purpose), [
    "zero MUST work at 0",
    "one MUST work at 0",
  ]);
});

Deno.test("a matrix and a table together make their product", () => {
  assert.deepEqual(labels(rows("matrix: { q: [0, 1] }\ntable: [{ t: a }, { t: b }]")), [
    "[q=0,a]",
    "[q=0,b]",
    "[q=1,a]",
    "[q=1,b]",
  ]);
});

Deno.test("labels are short, visible and unlike each other", () => {
  const found = labels(
    rows(
      `table: [{ a: "x\\u0000" }, { a: "x\\u0000" }, { a: { repeat: y, times: 70000 } }, { a: "${
        "z".repeat(99)
      }" }]`,
    ),
  );
  assert.deepEqual(found.slice(0, 3), ["[x\\u{0}]", "[x\\u{0}#2]", "[y×70000]"]);
  assert.equal([...(found[3] ?? "")].length, 62);
  assert.equal(new Set(found).size, 4);
});

Deno.test("a row's variables keep how they were written and may use built-ins", () => {
  const [one] = rows("table: [{ id: 007, topic: $topic/a }]");
  const scope = new Scope(new Scope().set("topic", "base"));
  for (const [name, value] of one?.variables ?? []) scope.bind(name, value);
  const [, topic] = one?.variables ?? [];
  assert.ok(topic);
  assert.equal(asText({ kind: "variable", path: ["topic"], place: topic[1].place }, scope), "base/a");
  assert.equal(asText({ kind: "variable", path: ["id"], place: topic[1].place }, scope), "007");
  assert.equal(evaluate({ kind: "variable", path: ["id"], place: topic[1].place }, scope), 7);
});

Deno.test("a purpose may name the variables of its row", () => {
  const [one] = rows(
    "table: [{ filter: a/+, matches: true }]",
    "$filter MUST match ($matches), $SYS and $$ stay",
  );
  assert.equal(one?.purpose, "a/+ MUST match (true), $SYS and $ stay");
});
