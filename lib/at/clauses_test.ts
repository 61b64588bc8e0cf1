import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { clause, clauses } from "./clauses.ts";
import rows from "./clauses.json" with { type: "json" };

Deno.test("clauses() returns every row once, each with one sentence and a known confidence", () => {
  strictEqual(clauses().length, rows.length);
  for (const row of rows) {
    ok(/^ECMT-(AT-\d+|S-\d+|[A-Z]+-[TRWUS]\d*)$/.test(row.id), row.id);
    ok(/^[A-Z+a-z][^\n]*\.$/.test(row.text), row.id);
    ok(["A", "B", "C"].includes(row.confidence), row.id);
  }
});

Deno.test("clause() knows a row by its id, and takes its level from the confidence", () => {
  deepStrictEqual(
    ["ECMT-OPEN-W4", "ECMT-OPEN-W7", "ECMT-OPEN-U2"].map((id) => clause(id)?.level),
    ["must", "should", "may"],
  );
  strictEqual(clause("ECMT-OPEN-W99"), undefined);
  strictEqual(clause("toString"), undefined);
});
