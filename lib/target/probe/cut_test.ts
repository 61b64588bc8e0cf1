import assert from "node:assert/strict";
import { cutAt } from "./cut.ts";

Deno.test("cutAt() distinguishes a limit from a loss", () => {
  assert.equal(cutAt(new Set([0, 1, 2]), 10), 3);
  assert.equal(cutAt(new Set([7, 8, 9]), 10), 3);
  assert.equal(cutAt(new Set([0, 2, 4]), 10), undefined);
  assert.equal(cutAt(new Set([3, 4, 5]), 10), undefined);
  assert.equal(cutAt(new Set(), 10), undefined);
  assert.equal(cutAt(new Set([0, 1]), 2), 2);
});
