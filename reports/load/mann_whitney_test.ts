import assert from "node:assert/strict";
import { rankTest } from "./mann_whitney.ts";

function near(actual: number, wanted: number, within = 1e-6): void {
  assert.ok(Math.abs(actual - wanted) <= within, `${actual}, not ${wanted}`);
}

Deno.test("rankTest() of samples that do not overlap is 2 divided by the number of ways to choose", () => {
  near(rankTest([1, 2, 3], [4, 5, 6]), 2 / 20);
  near(rankTest([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]), 2 / 252);
  near(rankTest([10, 9, 8, 7, 6], [5, 4, 3, 2, 1]), 2 / 252);
});

Deno.test("rankTest() returns the values of the tables of Mann and Whitney", () => {
  // 7 lies above 4, 5 and 6, so U = 3: P(U <= 3) = 7/70 on either side.
  near(rankTest([1, 2, 3, 7], [4, 5, 6, 8]), 2 * 7 / 70);
  // U = 1: P(U <= 1) = 2/70 on either side.
  near(rankTest([1, 2, 3, 5], [4, 6, 7, 8]), 2 * 2 / 70);
});

Deno.test("rankTest() returns 1 if all values are the same, or there are none", () => {
  assert.equal(rankTest([3, 3, 3], [3, 3, 3]), 1);
  assert.equal(rankTest([], [1, 2]), 1);
});

Deno.test("rankTest() is the same for both orders, also with ties", () => {
  const [a, b] = [[1, 2, 2, 9], [2, 3, 4, 4, 5]];
  near(rankTest(a, b), rankTest(b, a));
  assert.ok(rankTest(a, b) > 0.05);
});

Deno.test("rankTest() changes to the normal approximation without a step", () => {
  const a = Array.from({ length: 30 }, (_, n) => n * 2);
  const b = Array.from({ length: 30 }, (_, n) => n * 2 + 9);
  const exact = rankTest(a, b);
  // One more value at either end makes 62, for which the approximation is used; here it is compared with the exact value.
  const approximate = rankTest([...a, -1], [...b, 99]);
  assert.ok(exact > 0.05 && exact < 0.2, String(exact));
  near(approximate, exact, 0.05);
});
