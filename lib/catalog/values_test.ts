import assert from "node:assert/strict";
import { namedSuites } from "./named_suites.ts";
import { findTarget } from "./targets.ts";
import { refuseUndeclared } from "./values.ts";

async function refuse(names: readonly string[], suite: string): Promise<boolean> {
  const { suites, known } = await namedSuites([suite]);
  await refuseUndeclared(
    new Map(names.map((name) => [name, 1])),
    [await findTarget("reference")],
    suites,
    known,
  );
  // An id that no suite has: whether the other suites were read.
  return !known.mayHave("mqtt/qos2/no-such-case");
}

Deno.test("a value that a suite of the run declares is known without reading the others", async () => {
  assert.equal(await refuse([], "mqtt/ping"), false);
  assert.equal(await refuse(["openFailed"], "at/open"), false);
});

Deno.test("a value that only another suite declares is known too", async () => {
  assert.equal(await refuse(["openFailed"], "mqtt/ping"), true);
});

Deno.test("a value that nothing declares is told with the nearest name", async () => {
  await assert.rejects(
    refuse(["openFaild", "openFailed"], "mqtt/ping"),
    /^UsageError: No suite has a value "openFaild"; did you mean openFailed\?$/,
  );
});
