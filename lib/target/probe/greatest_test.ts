import assert from "node:assert/strict";
import { greatest } from "./greatest.ts";

Deno.test("greatest() finds every limit, and asks for each number but once", async () => {
  for (const limit of [1, 2, 7, 63, 64, 65, 99]) {
    const asked = new Set<number>();
    const found = await greatest(100, (n) => {
      assert.ok(!asked.has(n), `${n} is asked again`);
      asked.add(n);
      return Promise.resolve(n <= limit);
    });
    assert.deepEqual(found, { works: limit, fails: limit + 1 });
  }
});

Deno.test("greatest() asks once if there is no limit", async () => {
  let asked = 0;
  const found = await greatest(1_000, () => {
    asked++;
    return Promise.resolve(true);
  });
  assert.deepEqual([found, asked], [{ works: 1_000, fails: undefined }, 1]);
});

Deno.test("greatest() finds that nothing works, and that nothing can be decided", async () => {
  assert.deepEqual(await greatest(50, () => Promise.resolve(false)), { works: 0, fails: 1 });
  assert.deepEqual(await greatest(50, () => Promise.resolve(undefined)), { works: 0, fails: undefined });
});

Deno.test("greatest() keeps what it knows if no further attempt decides", async () => {
  const answer = (n: number) => n > 80 ? false : n < 20 ? true : undefined;
  const { works, fails } = await greatest(100, (n) => Promise.resolve(answer(n)));
  assert.ok(works > 0 && works < 20 && fails !== undefined && fails > 80);
});
