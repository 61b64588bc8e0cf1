import assert from "node:assert/strict";
import fc from "fast-check";
import { DueOrder } from "./due_order.ts";

Deno.test("DueOrder returns the messages of all clients in the order of their times", () => {
  const lists = fc.array(fc.array(fc.nat(1_000), { maxLength: 20 }), { minLength: 1, maxLength: 9 });
  fc.assert(fc.property(lists, (gaps) => {
    const due = gaps.map((own) => own.map((_, n) => own.slice(0, n + 1).reduce((sum, one) => sum + one, 0)));
    const order = new DueOrder(due.length, (slot, number) => due[slot]?.[number] ?? Infinity);
    const got: number[] = [];
    for (; order.dueMs < Infinity; order.next()) {
      assert.equal(order.dueMs, due[order.slot]?.[order.number]);
      got.push(order.dueMs);
    }
    assert.deepEqual(got, due.flat().sort((a, b) => a - b));
  }));
});

Deno.test("DueOrder without clients is empty, and finds what was added", () => {
  assert.equal(new DueOrder(0, () => 1).dueMs, Infinity);
  let last = 0;
  const order = new DueOrder(2, (slot, number) => number < last ? 10 * number + slot : Infinity);
  assert.equal(order.dueMs, Infinity);
  last = 1;
  order.extend();
  assert.deepEqual([order.dueMs, order.slot, order.number], [0, 0, 0]);
});
