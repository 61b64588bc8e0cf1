import assert from "node:assert/strict";
import { clauseCounts, clauseState } from "./clause_state.ts";

Deno.test("clauseState() distinguishes kept, broken, undecided, not shown and no case", () => {
  const verdicts = ["pass", "fail", "inconclusive", "error", "skip", "none"] as const;
  assert.deepEqual(verdicts.map(clauseState), [
    "kept",
    "broken",
    "undecided",
    "undecided",
    "not shown",
    "no case",
  ]);
});

Deno.test("clauseCounts() counts the states in one order, and leaves out those that no clause has", () => {
  const rows = ["no case", "kept", "broken", "kept"] as const;
  assert.equal(clauseCounts(rows.map((state) => ({ state }))), "2 kept, 1 broken, 1 no case");
  assert.equal(clauseCounts([]), "");
});
