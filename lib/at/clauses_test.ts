import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { clause, clauses, MANUAL_PROTOCOLS } from "./clauses.ts";
import ecmt from "./ecmt_clauses.json" with { type: "json" };
import qmt from "./qmt_clauses.json" with { type: "json" };

Deno.test("clauses() returns every row of a manual once, each with one sentence and a known confidence", () => {
  deepStrictEqual(MANUAL_PROTOCOLS, ["ECMT", "QMT"]);
  for (const [protocol, rows] of [["ECMT", ecmt], ["QMT", qmt]] as const) {
    strictEqual(clauses(protocol).length, rows.length);
    for (const row of rows) {
      strictEqual(row.id.split("-")[0], protocol);
      ok(/^[A-Z]+-(AT-\d+|S-\d+|[A-Z]+-[TRWUS]\d*)$/.test(row.id), row.id);
      ok(/^[A-Z+a-z][^\n]*\.$/.test(row.text), row.id);
      ok(["A", "B", "C"].includes(row.confidence), row.id);
    }
  }
  deepStrictEqual(clauses("SIMCOM"), []);
});

Deno.test("clause() knows a row by its manual and id, and takes its level from the confidence", () => {
  deepStrictEqual(
    ["ECMT-OPEN-W4", "ECMT-OPEN-W7", "ECMT-OPEN-U2"].map((id) => clause("ECMT", id)?.level),
    ["must", "should", "may"],
  );
  strictEqual(clause("QMT", "QMT-OPEN-W4")?.level, "should");
  strictEqual(clause("QMT", "ECMT-OPEN-W4"), undefined);
  strictEqual(clause("ECMT", "ECMT-OPEN-W99"), undefined);
  strictEqual(clause("ECMT", "toString"), undefined);
});
