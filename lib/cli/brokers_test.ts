import assert from "node:assert/strict";
import { TestFolder } from "../catalog/test_folder.ts";
import { ended, spawned } from "./test_screen.ts";

/** The brokers that are held to their lists of known deviations, each with the files that it is found by. */
const BROKERS: readonly (readonly [target: string, files: readonly string[]])[] = [
  ["mosquitto", ["/usr/sbin/mosquitto"]],
  ["rabbitmq", ["/usr/lib/rabbitmq/bin/rabbitmq-server", "/usr/bin/epmd"]],
  ["ejabberd", ["/usr/bin/erl", "/usr/sbin/ejabberdctl"]],
  ["aedes", []],
];
/** A whole run of the slowest, on a machine that is busy with more; ms. */
const WITHIN_MS = 6 * 60_000;

const thorough = Deno.env.get("CI") === "true";
if (!thorough) console.log("The broker suites run on the four shipped brokers where CI=true");

for (const [target, files] of BROKERS) {
  const missing = files.filter((file) => !isThere(file));
  if (missing.length > 0) console.log(`${missing.join(", ")}: not here, so ${target} is not tested`);
  Deno.test(`all broker suites on ${target} do as its expectation file says`, {
    ignore: !thorough || missing.length > 0,
  }, async () => {
    await using folder = new TestFolder();
    const out = `${folder.path}/out`;
    const child = spawned(["conform", "mqtt/*", "--target", target, "--out", out, "--format", "json"]);
    const run = await ended(child, WITHIN_MS);
    assert.equal(run.status, 0, `${run.out}\n${run.err}`);
    const { complete, cases }: Result = JSON.parse(await Deno.readTextFile(`${out}/result.json`));
    assert.ok(complete);
    // A list can excuse what fails, and not that nothing was asked.
    assert.ok(cases.filter(({ verdict }) => verdict === "pass").length > 1_500);
  });
}

interface Result {
  readonly complete: boolean;
  readonly cases: readonly { readonly verdict: string }[];
}

function isThere(file: string): boolean {
  try {
    return Deno.statSync(file).isFile;
  } catch {
    return false;
  }
}
