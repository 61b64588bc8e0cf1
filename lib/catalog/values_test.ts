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
  // Shows whether the other suites were read: no suite has this id.
  return !known.mayHave("mqtt/qos2/no-such-case");
}

Deno.test("a value that a suite of the run declares is known without reading the others", async () => {
  assert.equal(await refuse([], "mqtt/ping"), false);
  assert.equal(await refuse(["openFailed"], "at/open"), false);
});

Deno.test("a value that only another suite declares is known too", async () => {
  assert.equal(await refuse(["openFailed"], "mqtt/ping"), true);
});

Deno.test("an undeclared value is reported with the nearest name", async () => {
  await assert.rejects(
    refuse(["openFaild", "openFailed"], "mqtt/ping"),
    /^UsageError: No suite declares a value "openFaild"; did you mean openFailed\?$/,
  );
});
