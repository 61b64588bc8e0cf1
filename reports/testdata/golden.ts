import assert from "node:assert/strict";

/**
 * Holds `actual` against the golden file of that name in this folder. With `ATTEST_FIX=1` in the environment it
 * writes the file instead.
 */
export function golden(name: string, actual: string): void {
  const file = new URL(`golden/${name}`, import.meta.url);
  if (Deno.env.get("ATTEST_FIX") === "1") {
    Deno.mkdirSync(new URL("golden/", import.meta.url), { recursive: true });
    Deno.writeTextFileSync(file, actual);
    return;
  }
  assert.equal(actual, Deno.readTextFileSync(file), `${file.pathname} differs; ATTEST_FIX=1 writes it anew`);
}
