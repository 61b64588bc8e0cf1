import assert from "node:assert/strict";
import { coverage } from "../lib/run/coverage.ts";
import { clauseLines } from "./clause_text.ts";

const clause = (name: string) =>
  ({ kind: "clause", protocol: "5.0", clause: name, text: "", tests: "broker" }) as const;
const ran = (id: string, covers: string) =>
  ({ id, target: "one", protocol: "5.0", verdict: "pass", covers: [covers], tests: "broker" }) as const;

Deno.test("clauseLines() counts the clauses of a document by their state", () => {
  const rows = coverage([clause("A"), clause("B")], [ran("a", "A")]);
  assert.deepEqual([...clauseLines(rows)], ["MQTT 5.0, for a broker: 2 clauses, 1 kept, 1 no case"]);
});

Deno.test("clauseLines() leaves out a document that the run hardly touches", () => {
  const rows = coverage(["A", "B", "C"].map(clause), [ran("a", "A")]);
  assert.deepEqual([...clauseLines(rows)], []);
});
