import assert from "node:assert/strict";
import { defined } from "./defined.ts";

interface Exact {
  readonly kind: "a" | "b";
  readonly size?: number;
  readonly name?: string | null;
}

Deno.test("defined() leaves out undefined fields and keeps every other value, falsy ones too", () => {
  const size: number | undefined = undefined;
  const exact: Exact = defined({ kind: "a", size, name: null });
  assert.deepEqual(exact, { kind: "a", name: null });
  assert.deepEqual(Object.keys(defined({ a: 0, b: "", c: false, d: undefined })), ["a", "b", "c"]);
});
